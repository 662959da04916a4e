import { BlockList, isIP } from 'node:net';
import type { FieldError } from '@gatehouse/server';

/** One network: `192.168.0.0/24`, `192.168.0.0/255.255.0.0`, a single address, and the same for IPv6 with a number. */
interface Prefix {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** Whether an address is in one of the networks of a text with one a line; an empty text allows every address. */
export const isAllowed = (prefixes: string, address: string): boolean => {
  const lines = toLines(prefixes);
  if (lines.length === 0) return true;
  const list = new BlockList();
  for (const line of lines) {
    const prefix = parsePrefix(line);
    // What cannot be read was refused when it was entered; it lets nobody in.
    if (prefix !== null) list.addSubnet(prefix.address, prefix.bits, prefix.family);
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  const version = isIP(plain);
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
};

/** Each line that is no network, by its number. */
export const refusePrefixes = (field: string, prefixes: string): readonly FieldError[] => {
  const lines = toLines(prefixes);
  if (lines.length > 500) return [{ field, message: 'Enter at most 500 networks.' }];
  return lines
    .filter((line) => parsePrefix(line) === null)
    .slice(0, 10)
    .map((line) => ({
      field,
      message: `“${line.slice(0, 60)}” is no network. Write 192.168.0.0/24, 192.168.0.0/255.255.0.0 or one address.`,
    }));
};

const toLines = (text: string): readonly string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

const parsePrefix = (line: string): Prefix | null => {
  const [address = '', mask, ...rest] = line.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return null;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const most = version === 4 ? 32 : 128;
  const bits = mask === undefined ? most : version === 4 && isIP(mask) === 4 ? bitsOf(mask) : toNumber(mask);
  return bits === null || bits > most ? null : { address, family, bits };
};

const toNumber = (mask: string): number | null => (/^\d{1,3}$/.test(mask) ? Number(mask) : null);

/** Null when the ones of a dotted mask do not stand together. */
const bitsOf = (mask: string): number | null => {
  const bits = mask
    .split('.')
    .map((part) => Number(part).toString(2).padStart(8, '0'))
    .join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
};
