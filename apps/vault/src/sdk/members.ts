import { z } from 'zod';

/** Members of bodies as clients send them: numbers may be strings, and what is left out may also be null or ''. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const controls = /[\u0000-\u001f\u007f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: PostgreSQL keeps no text with it.
const zero = /\u0000/;

/** A name: one line, without characters that could write a line of a log. */
export const name = (most = 300) =>
  z
    .string('must be a text')
    .max(most, `may have ${most} characters at most`)
    .refine((text) => !controls.test(text), 'must be one line without control characters')
    .transform((text) => text.trim());
export const required = (most = 300) => name(most).refine((text) => text !== '', 'is missing');
/** `''` where it is left out. */
export const optional = (most = 300) =>
  name(most)
    .nullish()
    .transform((text) => text ?? '');
/** Several lines. */
export const comment = z
  .string('must be a text')
  .max(2_000, 'may have 2000 characters at most')
  .refine((text) => !zero.test(text), 'must not have the character 0')
  .nullish()
  .transform((text) => text?.trim() ?? '');

const asNumber = (value: unknown) =>
  typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
const orNull = (value: unknown) => (value === '' || value === undefined ? null : value);

/** Null where it is left out. */
export const wholeNumber = (least: number, most: number) => {
  const words = `must be a whole number from ${least} to ${most}`;
  return z.preprocess(
    (value) => orNull(asNumber(value)),
    z.number(words).int(words).min(least, words).max(most, words).nullable(),
  );
};

/** False where it is left out. */
export const flag = z.preprocess((value) => {
  const text = typeof value === 'string' ? value.toLowerCase() : value;
  if (text === 'true' || text === '1' || text === 1) return true;
  return text === 'false' || text === '0' || text === 0 || text === '' || text === undefined || text === null
    ? false
    : value;
}, z.boolean('must be true or false'));

/** `/Date(milliseconds)/`, as WCF writes a time, or ISO 8601; null where it is left out. */
export const time = z.preprocess((value) => {
  if (typeof value !== 'string') return orNull(value);
  const milliseconds = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(value.trim())?.[1];
  if (milliseconds !== undefined) return new Date(Number(milliseconds));
  // The times of this service end in UTC, so one without a zone is meant so.
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/.exec(value.trim());
  if (iso) return new Date(iso[3] === undefined ? `${value.trim()}Z` : value.trim());
  return value.trim() === '' ? null : value;
}, z.date('must be a time, as /Date(milliseconds)/ or ISO 8601').nullable());

/** An object of its own members; those that are not known are left out. Missing where `null`. */
export const part = <S extends z.ZodRawShape>(shape: S) =>
  z.preprocess((value) => value ?? {}, z.object(shape, 'must be an object'));

export const leaseId = name(100)
  .nullish()
  .transform((text) => text || null);
