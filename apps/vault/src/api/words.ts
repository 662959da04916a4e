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
export const Name = Line(120, 'Enter a name.');
export const Comment = z
  .string()
  .trim()
  .max(2_000, 'At most 2000 characters.')
  .regex(/^[^\0]*$/, 'The character NUL is not allowed.');

/** Every list: `cursor` is the last answer's `next`; null `next` is the end. */
export const ListQuery = z.object({
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const SearchQuery = ListQuery.extend({ search: z.string().trim().max(200).optional() });
export const list = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    /** `exact` is false where counting would be slow: there are at least `value`. */
    total: z.object({ value: z.number().int(), exact: z.boolean() }),
  });

/** In a query: absent, `true` or `false`. */
export const Flag = z
  .enum(['true', 'false'])
  .transform((value) => value === 'true')
  .optional();

/** Kinds of what has accounts. `domain` is an Active Directory domain, whose accounts are good on its computers. */
export const systemKinds = ['windows', 'domain', 'linux', 'postgresql', 'mysql', 'sqlserver', 'other'] as const;
export const credentialTypes = ['linux', 'ssh_key', 'windows', 'postgresql', 'mysql', 'sqlserver', 'custom'] as const;
/** What delegation may name. */
export const identityKinds = ['explicit', 'domain_user', 'domain_group', 'role', 'ldap_user'] as const;
