import { hash, verify } from '@node-rs/argon2';
import { z } from 'zod';
import type { FieldError } from '../problem.ts';
import { commonPasswords } from './common-passwords.ts';

/** `Algorithm.Argon2id`, which is a const enum and cannot be imported by name. */
const argon2id = 2;

/** argon2id with 64 MiB, three passes, one lane: above what OWASP asks, about 100 ms on one core. */
const cost = { algorithm: argon2id, memoryCost: 65_536, timeCost: 3, parallelism: 1 } as const;

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), cost);

export const verifyPassword = ({ hash: stored, password }: { hash: string; password: string }): Promise<boolean> =>
  verify(stored, password.normalize('NFKC'));

/** What a password may be before the rules: bounded, so that hashing one is never a way to stop the server. */
export const Password = z.string().min(1, 'Enter a password.').max(128, 'Use at most 128 characters.');

/** Why this password may not be set; empty when it may. `field` is the name of the input it came from. */
export const refusePassword = (
  field: string,
  password: string,
  about: { email: string; name: string },
): readonly FieldError[] => {
  const message = reason(password.normalize('NFKC'), about);
  return message === null ? [] : [{ field, message }];
};

const reason = (password: string, { email, name }: { email: string; name: string }): string | null => {
  const lower = password.toLowerCase();
  if ([...password].length < 12) return 'Use at least 12 characters.';
  if (new Set(lower).size < 5) return 'Use more different characters.';
  const own = [email, email.split('@')[0] ?? '', name]
    .map((text) => text.toLowerCase())
    .filter((text) => text.length >= 4);
  if (lower === email.toLowerCase() || own.some((text) => strip(lower) === strip(text))) {
    return 'Do not use your name or e-mail address as the password.';
  }
  if (isCommon(lower)) return 'This password is one of the first that an attacker tries. Choose another.';
  return null;
};

/** Without what people add to a known password: digits and signs at the ends, and digits that stand for letters. */
const isCommon = (lower: string): boolean => {
  const plain = lower.replaceAll(/[@430!1$57]/g, (sign) => letters[sign] ?? sign);
  return [lower, strip(lower), strip(plain), plain].some((form) => commonPasswords.has(form) || isRepeated(form));
};

const letters: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  '!': 'i',
  '1': 'i',
  $: 's',
  '5': 's',
  '7': 't',
};
const strip = (text: string) => text.replaceAll(/^[^a-z]+|[^a-z]+$/g, '');

/** `passwordpassword` is no better than `password`. */
const isRepeated = (text: string): boolean => {
  for (const length of [4, 5, 6, 7, 8, 9, 10]) {
    const part = text.slice(0, length);
    if (
      text.length >= 2 * length &&
      part.repeat(Math.ceil(text.length / length)).startsWith(text) &&
      commonPasswords.has(part)
    )
      return true;
  }
  return false;
};
