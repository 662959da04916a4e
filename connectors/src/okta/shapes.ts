import { z } from 'zod';

/**
 * How Okta's answers are read: strict about what a record cannot do without (its id), lenient about the rest, because
 * real organisations send nulls, leave properties out and put numbers where the description promises text, and none of
 * that may cost a record. So a schema names only what is needed, and the rest is looked up by the functions below,
 * which answer null for everything that is not of the kind asked for.
 */
export const Identified = z.looseObject({
  id: z.union([z.string().min(1), z.number().transform(String)]),
});
export type Identified = z.output<typeof Identified>;

/** What stands at a path of property names; undefined where the path breaks off. */
export const at = (value: unknown, ...path: readonly string[]): unknown => {
  let here = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Reflect.get(here, name);
  }
  return here;
};

/** Text. A number or a flag is kept as its words. */
export const textAt = (value: unknown, ...path: readonly string[]): string | null => {
  const found = at(value, ...path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
};

/** Text that says something: not the empty string. */
export const saidAt = (value: unknown, ...path: readonly string[]): string | null => textAt(value, ...path) || null;

/** A date, or an epoch in seconds or milliseconds; a smaller number is no moment of Okta's. */
export const timeAt = (value: unknown, ...path: readonly string[]): Date | null => {
  const found = at(value, ...path);
  const isEpoch = typeof found === 'number' && found >= 1e9;
  if (!isEpoch && (typeof found !== 'string' || found === '')) return null;
  const time = new Date(isEpoch && found < 1e11 ? found * 1_000 : found);
  return Number.isNaN(time.getTime()) ? null : time;
};

export const flagAt = (value: unknown, ...path: readonly string[]): boolean | null => {
  const found = textAt(value, ...path)?.toLowerCase();
  return found === 'true' ? true : found === 'false' ? false : null;
};

export const numberAt = (value: unknown, ...path: readonly string[]): number | null => {
  const found = saidAt(value, ...path);
  return found === null || !Number.isFinite(Number(found)) ? null : Number(found);
};

/** ACTIVE or another word of Okta's; a status that is not told is unknown, not off. */
export const isActive = (item: unknown): boolean | null => {
  const status = textAt(item, 'status');
  return status === null ? null : status === 'ACTIVE';
};

/** The same as records have it. */
export const switchOf = (item: unknown): 'enabled' | 'disabled' | null => {
  const active = isActive(item);
  return active === null ? null : active ? 'enabled' : 'disabled';
};

export const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

export const textsAt = (value: unknown, ...path: readonly string[]): readonly string[] =>
  listAt(value, ...path).filter((item) => typeof item === 'string');

/** The address behind a link relation of `_links`, which may be one link or a list of them. */
export const linkOf = (item: unknown, relation: string): string | null => {
  const link = at(item, '_links', relation);
  return textAt(Array.isArray(link) ? link[0] : link, 'href');
};

/** The last segment of an address: the id of what it points at. */
export const lastSegment = (address: string | null): string | null => {
  const path = address?.split(/[?#]/, 1)[0] ?? '';
  return path.slice(path.lastIndexOf('/') + 1) || null;
};
