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
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as T;
};
