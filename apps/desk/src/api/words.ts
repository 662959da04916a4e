import { z } from 'zod';

/** An ISO 8601 time in UTC. */
export const When = z.iso.datetime();
/** One line that people read: no control characters, no spaces around it. */
export const Line = (most: number, error = 'Enter something.') =>
  z
    .string()
    .trim()
    .min(1, error)
    .max(most, `At most ${most} characters.`)
    .regex(/^[^\p{Cc}]*$/u, 'Control characters are not allowed.');
/** What people write: several lines of it. */
export const Words = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `At most ${most} characters.`)
    .regex(/^[^\0]*$/, 'The character NUL is not allowed.');
/** An id, or what people call the thing by: a number, a login, a name. */
export const Key = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u);

/** Every list: `cursor` is the last answer's `next`; null `next` is the end. */
export const ListQuery = z.object({
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const SearchQuery = ListQuery.extend({
  search: z
    .string()
    .trim()
    .max(200)
    .regex(/^[^\0]*$/)
    .optional(),
});
export const list = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    /** `exact` is false where counting would be slow: there are at least `value`. */
    total: z.object({ value: z.number().int(), exact: z.boolean() }),
  });
