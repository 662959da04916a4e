import { isIP } from 'node:net';

/**
 * A network as it is kept: `10.1.0.0/16`, `2001:db8::/32`, a single address with its full length. Understands CIDR, an
 * address alone, and for IPv4 a dotted mask (`10.1.2.3/255.255.0.0`); bits beyond the prefix become zero. Null: none of
 * these.
 */
export const parseNetwork = (text: string): string | null => {
  const [address = '', mask, ...more] = text.trim().split('/');
  const version = isIP(address);
  if (more.length > 0 || (version !== 4 && version !== 6) || address.includes('%')) return null;
  const bits = version === 4 ? 32 : 128;
  const length = mask === undefined ? bits : lengthOf(mask, version);
  if (length === null || length > bits) return null;
  const kept = ((1n << BigInt(length)) - 1n) << BigInt(bits - length);
  const network = (version === 4 ? fromFour(address) : fromSix(address)) & kept;
  return `${version === 4 ? toFour(network) : toSix(network)}/${length}`;
};

const lengthOf = (mask: string, version: 4 | 6): number | null => {
  if (/^\d{1,3}$/.test(mask)) return Number(mask);
  if (version !== 4 || isIP(mask) !== 4) return null;
  // All ones, then all zeros: anything else is no prefix.
  const ones = fromFour(mask).toString(2).padStart(32, '0');
  return /^1*0*$/.test(ones) ? ones.lastIndexOf('1') + 1 : null;
};

const fromFour = (address: string): bigint => address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);

const fromSix = (address: string): bigint => {
  const [head = '', tail] = address.split('::');
  const groups = (text: string): string[] =>
    text === ''
      ? []
      : text.split(':').flatMap((group) => {
          if (!group.includes('.')) return [group];
          const four = fromFour(group);
          return [(four >> 16n).toString(16), (four & 0xffffn).toString(16)];
        });
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
};

const toFour = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');

const toSix = (value: bigint) => {
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  // The URL parser writes addresses as RFC 5952 has them.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
};
