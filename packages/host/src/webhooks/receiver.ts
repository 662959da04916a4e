import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { Fault } from '@gatehouse/kernel';

/** Where a name leads: addresses, at least one. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/**
 * The addresses of a receiver, none of them inside this machine or network, so that a tenant's administrator cannot
 * make this server knock at doors that only it can reach. Connect to these and do not look the name up again: it may
 * lead elsewhere by then.
 */
export const findReceiver = async (url: URL, resolve: Resolve = lookUp): Promise<readonly string[]> => {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(name) ? [name] : await resolve(name);
  if (addresses.some((one) => isPrivate(one))) {
    throw new Fault(
      'misconfigured',
      'This address is inside the network of this server. The operator of this server has to allow private webhook addresses first.',
    );
  }
  return addresses;
};

const lookUp: Resolve = async (name) => {
  try {
    return (await lookup(name, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new Fault('unreachable', 'The name of the receiver is not known. Check its spelling.', undefined, { cause });
  }
};

const inside = new BlockList();
for (const [net, bits] of [
  ...([
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ] as const),
  ...([
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ] as const),
]) {
  inside.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  // With `::` and `::1`: an address of the old protocol written as one of the new.
  ['::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
  // Ways to the old protocol through a gateway, which may lead inside.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
] as const) {
  inside.addSubnet(net, bits, 'ipv6');
}

/** An address that only this machine or its network reaches. What is no address counts as one. */
export const isPrivate = (address: string): boolean => {
  const [bare = ''] = address.split('%');
  const family = isIP(bare);
  return family === 0 || inside.check(bare, family === 6 ? 'ipv6' : 'ipv4');
};
