import { z } from 'zod';

/** An ISO 8601 time in UTC. */
export const When = z.iso.datetime();
export const Name = z.string().trim().min(1, 'Enter a name.').max(120);
export const Text = z.string().max(2_000);

/** Every list: `cursor` is the last answer's `next`; null `next` is the end. */
export const ListQuery = z.object({
  cursor: z.string().max(2_000).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const list = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    /** `exact` is false where counting would be slow: there are at least `value`. */
    total: z.object({ value: z.number().int(), exact: z.boolean() }),
  });

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export const Severity = z.enum(severities);
