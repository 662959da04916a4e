import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Whether an address is one of those that were named, by address, network or host name. */
export interface Senders {
  includes(allowed: readonly string[], address: string): Promise<boolean>;
}

/** How long a name is taken for what it was. */
const keptMs = 60_000;

export const openSenders = (resolve: (name: string) => Promise<readonly string[]> = resolveName): Senders => {
  const known = new Map<string, { readonly until: number; readonly addresses: Promise<readonly string[]> }>();
  const addressesOf = (name: string): Promise<readonly string[]> => {
    const found = known.get(name);
    if (found !== undefined && found.until > performance.now()) return found.addresses;
    // A name that leads nowhere allows nobody.
    const addresses = resolve(name).catch(() => []);
    if (known.size > 1_000) known.clear();
    known.set(name, { until: performance.now() + keptMs, addresses });
    return addresses;
  };
  return {
    async includes(allowed, given) {
      const address = plainAddress(given);
      const names = allowed.filter((one) => networkOf(one) === null);
      if (allowed.some((one) => networkOf(one)?.check(address, familyOf(address)))) return true;
      for (const name of names) if ((await addressesOf(name)).map(plainAddress).includes(address)) return true;
      return false;
    },
  };
};

const resolveName = async (name: string): Promise<readonly string[]> =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** IPv4 may come in the clothes of IPv6. */
const plainAddress = (address: string): string =>
  address
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '')
    .toLowerCase();
const familyOf = (address: string) => (isIP(address) === 6 ? ('ipv6' as const) : ('ipv4' as const));

/** Null: it is a name. */
const networkOf = (text: string): BlockList | null => {
  const [address = '', bits] = text.split('/');
  const family = isIP(address);
  if (family === 0) return null;
  const list = new BlockList();
  const most = family === 6 ? 128 : 32;
  const length = bits === undefined ? most : Number(bits);
  if (!(length >= 0 && length <= most)) return list;
  list.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
  return list;
};
