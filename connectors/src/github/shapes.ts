import { Fault, type Json } from '@gatehouse/kernel';
import { z } from 'zod';
import type { RepositoryFlags } from './privilege.ts';

/**
 * How GitHub's answers are read: strict about what a record cannot do without (its id), lenient about the rest. Real
 * organizations send nulls, leave properties out, and put numbers where the description promises text.
 */

const digits = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

/** GitHub's own number of a thing. Kept when a thing is renamed, unlike its name. */
export const id = z.union([z.number().int().positive(), digits]);

/** A number or a flag is kept as its words. */
export const text = z
  .union([z.string(), z.union([z.number(), z.boolean()]).transform(String)])
  .nullish()
  .catch(null);
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
  .nullish()
  .catch(null);
export const amount = z.union([z.number(), digits]).nullish().catch(null);
/** A moment as ISO text, or as an epoch in seconds or milliseconds. */
export const moment = z.union([z.string(), z.number()]).nullish().catch(null);
// One step each instead of several nested ones: these stand in lists of many thousands.
export const texts = z.transform((items: unknown): readonly string[] =>
  Array.isArray(items) ? items.filter((item): item is string => typeof item === 'string') : [],
);

/** `{ "contents": "read" }` */
export const permissionMap = z.transform((map: unknown): Readonly<Record<string, string>> => {
  const kept: Record<string, string> = {};
  if (typeof map !== 'object' || map === null) return kept;
  for (const [name, value] of Object.entries(map)) if (typeof value === 'string') kept[name] = value;
  return kept;
});

/** `{ "status": "enabled" }` or `{ "enabled": true }`; anything else is unknown. */
export const feature = z.transform((found: unknown): boolean | null => {
  if (typeof found !== 'object' || found === null) return null;
  if ('enabled' in found && typeof found.enabled === 'boolean') return found.enabled;
  if (!('status' in found)) return null;
  return found.status === 'enabled' ? true : found.status === 'disabled' ? false : null;
});

/** What the holder of a role may do, as GitHub tells it beside the role's name. */
export const may = z.transform((flags: unknown): RepositoryFlags | null => {
  if (typeof flags !== 'object' || flags === null) return null;
  const { admin, maintain, push, triage, pull } = flags as Readonly<Record<string, unknown>>; // any object may have them
  return {
    admin: admin === true,
    maintain: maintain === true,
    push: push === true,
    triage: triage === true,
    pull: pull === true,
  };
});

/** An account as it stands inside other answers. */
export const User = z.object({
  id,
  login: text,
  node_id: text,
  type: text,
  name: text,
  email: text,
  created_at: moment,
  suspended_at: moment,
});
export type User = z.output<typeof User>;

/** An object of which every property may be missing, but not all of them: then it is the answer to something else. */
export const someOf = <S extends z.ZodRawShape>(shape: S) => {
  const names = Object.keys(shape);
  const isFamiliar = (value: unknown) =>
    typeof value === 'object' && value !== null && names.some((name) => name in value);
  return z
    .unknown()
    .refine(isFamiliar, { error: `none of ${names.join(', ')}`, abort: true })
    .pipe(z.object(shape));
};

/** A list whose odd items are left out: for what stands inside of a record. */
export const eachOf = <S extends z.ZodType>(shape: S) =>
  z
    .array(z.unknown())
    .transform((items) =>
      items.flatMap((item) => {
        const parsed = shape.safeParse(item);
        return parsed.success ? [parsed.data] : [];
      }),
    )
    .nullish()
    .catch(null);

/** One thing came in a form that cannot be read; what came beside it is another matter. */
export class Unreadable extends Fault {}

/** Reads one item, or throws what is wrong with it. */
export const read = <S extends z.ZodType>(shape: S, item: unknown, what: string): z.output<S> => {
  const parsed = shape.safeParse(item);
  if (parsed.success) return parsed.data;
  throw new Unreadable(
    'unexpected',
    'GitHub gave an answer that cannot be understood. The log of this server says what it was.',
    `${what}: ${z.prettifyError(parsed.error).slice(0, 1_000)}`,
  );
};

export const toDate = (value: string | number | null | undefined): Date | null => {
  if (value == null || value === '') return null;
  const moment = typeof value === 'string' && /^\d{9,}$/.test(value) ? Number(value) : value;
  const date = new Date(typeof moment === 'number' && moment < 1e11 ? moment * 1_000 : moment);
  return Number.isNaN(date.getTime()) ? null : date;
};

/**
 * GitHub's own words for the inventory, without hypermedia: the addresses of its API repeat names, say nothing else, and
 * are three quarters of the bytes. `secret` names what is masked.
 */
export const rawOf = (item: unknown, secret?: ReadonlySet<string>): Json => {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item as Json; // it came out of JSON.parse
  const kept: Record<string, Json> = {};
  for (const name in item) {
    if (name === 'url' || (name.endsWith('_url') && name !== 'html_url') || name === '_links') continue;
    const value = item[name as keyof typeof item] as unknown; // one of its own names, as the loop gives them
    if (secret?.has(name) && value != null && value !== '') kept[name] = '[secret]';
    else
      kept[name] =
        typeof value === 'object' && value !== null && !Array.isArray(value) ? rawOf(value, secret) : (value as Json); // as above
  }
  return kept;
};
