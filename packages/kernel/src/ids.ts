declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'tenant'>;
export type PersonId = Id<'person'>;
export type ConnectionId = Id<'connection'>;
export type RunId = Id<'run'>;

/**
 * A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random. Sorts by creation, so indexes stay compact.
 * The type parameter is the branded id it becomes.
 */
export const newId = <T extends string>(now: number = Date.now()): T => {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  // What a random UUID (version 4) has behind its version.
  const random = crypto.randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random}` as T; // The brand that its reader gives it.
};
