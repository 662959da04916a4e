import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';

/** 40 hexadecimal digits. */
export const newClientId = (): string => randomBytes(20).toString('hex');

/** 44 characters of base64 that hold 264 random bits. */
export const newClientSecret = (): Secret => new Secret(randomBytes(33).toString('base64'));

/**
 * What is stored of a secret or a token. Both are made here from more random bits than can be tried, so one pass of
 * SHA-256 keeps them as well as a slow hash would, and a request costs no hundred milliseconds. People's passwords,
 * which can be guessed, are kept with argon2id.
 */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** In constant time. */
export const isSecret = (presented: string, hash: Buffer): boolean => timingSafeEqual(hashSecret(presented), hash);
