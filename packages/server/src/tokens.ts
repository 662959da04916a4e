import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';

/** 256 random bits behind a prefix that says what it opens, so that a leaked one can be recognised. */
export const newToken = (prefix: string): Secret => new Secret(`${prefix}${randomBytes(32).toString('base64url')}`);

/** What is stored of a token. Tokens are random, so a plain hash cannot be guessed back. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** In constant time. */
export const isSameSecret = (presented: string, expected: Secret): boolean =>
  timingSafeEqual(hashToken(presented), hashToken(expected.reveal()));
