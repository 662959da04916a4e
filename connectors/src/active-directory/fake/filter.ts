import { type BerValue, valuesIn } from './ber.ts';
import type { Directory, Entry } from './directory.ts';
import { keyOf, rdnsOf } from './dn.ts';

export type Matches = (entry: Entry) => boolean;

/** A filter as a client sent it (RFC 4511 4.5.1.7), with the matching rules of Active Directory (MS-ADTS 3.1.1.3.4.4). */
export const toMatches = (filter: BerValue, directory: Directory): Matches => {
  const inner = () => valuesIn(filter.content).map((one) => toMatches(one, directory));
  switch (filter.tag) {
    case 0xa0: {
      const all = inner();
      return (entry) => all.every((matches) => matches(entry));
    }
    case 0xa1: {
      const some = inner();
      return (entry) => some.some((matches) => matches(entry));
    }
    case 0xa2: {
      const [not] = inner();
      return (entry) => not?.(entry) === false;
    }
    case 0xa3:
    case 0xa8: {
      const { name, value } = assertionIn(filter);
      const equals = equalTo(name, value);
      return (entry) => valuesOf(entry, name).some(equals);
    }
    case 0xa4:
      return substrings(filter);
    case 0xa5:
    case 0xa6: {
      const { name, value } = assertionIn(filter);
      const sign = filter.tag === 0xa5 ? 1 : -1;
      return (entry) => valuesOf(entry, name).some((own) => compare(own, value) * sign >= 0);
    }
    case 0x87: {
      const name = filter.content.toString().toLowerCase();
      return ({ attributes }) => (attributes.get(name)?.values.length ?? 0) > 0;
    }
    case 0xa9:
      return extensible(filter, directory);
    default:
      throw new RangeError(`no filter has the tag ${filter.tag}`);
  }
};

const valuesOf = ({ attributes }: Entry, name: string): readonly Buffer[] => attributes.get(name)?.values ?? [];

const assertionIn = (filter: BerValue): { name: string; value: Buffer } => {
  const [name, value] = valuesIn(filter.content);
  if (name === undefined || value === undefined) throw new RangeError('an assertion without a value');
  return { name: name.content.toString().toLowerCase(), value: value.content };
};

/** Bytes, text without case, or names; a class stands for its category, a SID may be text. */
const equalTo = (name: string, wanted: Buffer): ((own: Buffer) => boolean) => {
  const text = wanted.toString('utf8');
  if (name === 'objectcategory' && !text.includes('=')) {
    const category = categories[text.toLowerCase()] ?? text;
    return (own) => (rdnsOf(String(own))[0] ?? '').toLowerCase() === `cn=${category}`.toLowerCase();
  }
  const sid = text.startsWith('S-1-') ? sidBytes(text) : null;
  const lower = text.toLowerCase();
  const key = text.includes('=') ? keyOf(text) : null;
  return (own) => {
    if (own.equals(wanted) || sid?.equals(own)) return true;
    const ownText = own.toString('utf8');
    return ownText.toLowerCase() === lower || (key !== null && ownText.includes('=') && keyOf(ownText) === key);
  };
};

/** Default categories of classes whose name differs. */
const categories: Readonly<Record<string, string>> = { user: 'Person', inetorgperson: 'Person', contact: 'Person' };

const sidBytes = (text: string): Buffer => {
  const [, , authority = '0', ...parts] = text.split('-');
  const bytes = Buffer.alloc(8 + parts.length * 4);
  bytes[0] = 1;
  bytes[1] = parts.length;
  bytes.writeUIntBE(Number(authority), 2, 6);
  for (const [i, part] of parts.entries()) bytes.writeUInt32LE(Number(part) >>> 0, 8 + i * 4);
  return bytes;
};

/** As numbers where both are, else as text. */
const compare = (own: Buffer, wanted: Buffer): number => {
  const [a, b] = [own.toString(), wanted.toString()];
  if (number.test(a) && number.test(b)) {
    const difference = BigInt(a) - BigInt(b);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  }
  const [left, right] = [a.toLowerCase(), b.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
};
const number = /^-?\d{1,20}$/;

const substrings = (filter: BerValue): Matches => {
  const [attribute, list] = valuesIn(filter.content);
  const name = attribute?.content.toString().toLowerCase() ?? '';
  const parts = valuesIn(list?.content ?? Buffer.alloc(0)).map(({ tag, content }) => ({
    tag,
    text: content.toString('utf8').toLowerCase(),
  }));
  const fits = (own: string): boolean => {
    let at = 0;
    for (const { tag, text } of parts) {
      if (tag === 0x82) return own.length - text.length >= at && own.endsWith(text);
      const found = own.indexOf(text, at);
      if (found < 0 || (tag === 0x80 && found !== 0)) return false;
      at = found + text.length;
    }
    return true;
  };
  return (entry) => valuesOf(entry, name).some((own) => fits(own.toString('utf8').toLowerCase()));
};

const bitAnd = '1.2.840.113556.1.4.803';
const bitOr = '1.2.840.113556.1.4.804';
const inChain = '1.2.840.113556.1.4.1941';

const extensible = (filter: BerValue, directory: Directory): Matches => {
  const parts = new Map(valuesIn(filter.content).map(({ tag, content }) => [tag, content.toString('utf8')]));
  const rule = parts.get(0x81) ?? '';
  const name = (parts.get(0x82) ?? '').toLowerCase();
  const value = parts.get(0x83) ?? '';
  if (rule === bitAnd || rule === bitOr) {
    const mask = number.test(value) ? BigInt.asUintN(64, BigInt(value)) : 0n;
    return (entry) =>
      valuesOf(entry, name).some((own) => {
        const bits = BigInt.asUintN(64, BigInt(number.test(own.toString()) ? own.toString() : 0)) & mask;
        return rule === bitAnd ? bits === mask : bits !== 0n;
      });
  }
  if (rule !== inChain) return () => false;
  const chain = chainTo(directory, name, keyOf(value));
  return ({ key }) => chain.has(key);
};

/** Keys of all entries whose attribute leads to `target`, directly or over others of which the same is true. */
const chainTo = (directory: Directory, name: string, target: string): ReadonlySet<string> => {
  const pointing = new Map<string, string[]>();
  for (const context of directory.namingContexts) {
    for (const entry of directory.entriesOf(keyOf(context))) {
      for (const value of valuesOf(entry, name)) {
        const key = keyOf(value.toString('utf8'));
        pointing.set(key, [...(pointing.get(key) ?? []), entry.key]);
      }
    }
  }
  const found = new Set<string>();
  const open = [target];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const one of pointing.get(key) ?? []) {
      if (found.has(one)) continue;
      found.add(one);
      open.push(one);
    }
  }
  return found;
};
