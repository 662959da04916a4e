import { BlockList, isIP } from 'node:net';
import type { Sql } from '@gatehouse/database';
import { findRegistrationByKey, needsRegistration } from '../delegation/index.ts';
import { Refusal } from '../refusal.ts';

/** The header with the key of a registration. */
export const keyHeader = 'apiregistrationkey';

/**
 * The registration that a call comes with. As soon as there is one registration every call needs a key; one that is not
 * known, is disabled, or is used from elsewhere is refused in the same words.
 * @throws Refusal `not_permitted`
 */
export const registrationOf = async (
  tx: Sql,
  call: { readonly key: string | null; readonly address: string; readonly now: Date },
): Promise<string | null> => {
  if (call.key === null) {
    if (await needsRegistration(tx)) throw notFromThere();
    return null;
  }
  const found = call.key.length > 200 ? null : await findRegistrationByKey(tx, call.key, call.now);
  if (found === null || !isWithin(found.networks, call.address)) throw notFromThere();
  return found.registrationId;
};

const notFromThere = () =>
  new Refusal('not_permitted', 'This vault takes calls with the key of an API registration, from its networks alone.');

/** Whether an address is in one of these networks; in none, when the list is empty, means from anywhere. */
export const isWithin = (networks: readonly string[], address: string): boolean => {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) add(list, network.trim());
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
};

/** A prefix that cannot be read lets nobody in. */
const add = (list: BlockList, network: string): void => {
  const [address = '', mask] = network.split('/');
  const family = isIP(address);
  if (family === 0) return;
  const most = family === 4 ? 32 : 128;
  const bits =
    mask === undefined ? most : mask.includes('.') ? bitsOf(mask) : /^\d{1,3}$/.test(mask) ? Number(mask) : null;
  if (bits !== null && bits <= most) list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
};

/** Of `255.255.0.0`; null where the ones are not all in front. */
const bitsOf = (mask: string): number | null => {
  if (isIP(mask) !== 4) return null;
  const digits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(digits) ? digits.replaceAll('0', '').length : null;
};
