declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'tenant'>;
export type PersonId = Id<'person'>;
export type ConnectionId = Id<'connection'>;
export type RunId = Id<'run'>;

/** The millisecond of the id that was made last, and how many of it stand before the next one. */
const latest = { ms: -1, count: 0 };
/** 12 bits. */
const mostCount = 0xfff;

/**
 * A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, 12 bits that count from a random start in the lower half
 * (its method 1), then random. Sorts by creation, within a process also of one millisecond, so that what happened is
 * told in its order and indexes stay compact. The type parameter is the branded id it becomes.
 */
export const newId = <T extends string>(now: number = Date.now()): T => {
  const ms = Math.floor(now);
  const random = crypto.randomUUID();
  const isNext = ms === latest.ms && latest.count < mostCount;
  latest.count = isNext ? latest.count + 1 : Number.parseInt(random.slice(15, 18), 16) >> 1;
  latest.ms = ms;
  const time = ms.toString(16).padStart(12, '0');
  const count = latest.count.toString(16).padStart(3, '0');
  // What a random UUID (version 4) has behind its version, from its variant on.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}${random.slice(18)}` as T; // The brand that its reader gives it.
};
