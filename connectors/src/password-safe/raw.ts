import type { Json } from '@gatehouse/kernel';

/**
 * The words of Password Safe for the inventory. What opens a door is left out here already, whatever masks it later: the
 * token and the key of a recording, by which it is played, and anything that would be a credential.
 */
export const rawOf = (item: object): { readonly [name: string]: Json } =>
  Object.fromEntries(
    Object.entries(item as { readonly [name: string]: Json }) // it came out of JSON.parse
      .filter(([name]) => !doors.test(name)),
  );

const doors = /^(?:password|privatekey|passphrase|clientsecret|token|recordkey|key|apikey)$/i;
