import type { RawEntry } from './answer.ts';
import type { LdapEntry } from './ldap.ts';

/** Fetches the values of one attribute from the `from`th on; null when the entry or the range is not there any more. */
export type FetchRange = (dn: string, attribute: string, from: number) => Promise<RawEntry | null>;

/** A hostile or broken server must not keep us asking; 20,000 ranges are thirty million members. */
const mostRanges = 20_000;

/**
 * An entry with all values of the attributes of which a controller sent the first range only (`member;range=0-1499`,
 * MS-ADTS 3.1.1.3.1.3.3). `bytes` is what the fetched values take. Values that come twice, because the list changed
 * meanwhile, are kept once; values that can no longer be fetched make the attribute `incomplete`.
 */
export const wholeEntry = async (
  raw: RawEntry,
  fetch: FetchRange,
  mostBytes: number,
): Promise<{ entry: LdapEntry; bytes: number } | 'too large'> => {
  const ranged: string[] = [];
  for (const name of raw.attributes.keys()) if (rangeOf(name)?.from === 0) ranged.push(name);
  if (ranged.length === 0) return { entry: { ...raw, incomplete: [] }, bytes: 0 };
  const attributes = new Map(raw.attributes);
  const incomplete: string[] = [];
  let bytes = 0;
  for (const first of ranged) {
    const range = rangeOf(first);
    if (range === null) continue;
    const { name } = range;
    const values = new Map((raw.attributes.get(first) ?? []).map((value) => [value.toString('latin1'), value]));
    let last = range.to;
    for (let step = 0; last !== null; step++) {
      const next = step < mostRanges ? await fetch(plainName(raw.dn), name, last + 1) : null;
      const found = next === null ? null : partOf(next, name, last + 1);
      if (found === null) {
        incomplete.push(name);
        break;
      }
      for (const value of found.values) {
        values.set(value.toString('latin1'), value);
        bytes += value.length + valueCost;
      }
      if (bytes > mostBytes) return 'too large';
      last = found.to;
    }
    attributes.delete(first);
    attributes.set(name, [...values.values()]);
  }
  return { entry: { dn: raw.dn, attributes, incomplete }, bytes };
};

/** Without the GUID and SID that the extended-DN control writes before a name: in a request only the name is one. */
const plainName = (dn: string): string => dn.replace(/^(<[^>]*>;)+/, '');

/** What a value costs here besides its bytes. */
const valueCost = 64;

/** The range of an entry that goes on where the last one ended; null when it goes back, stands still or is not there. */
const partOf = (
  entry: RawEntry,
  name: string,
  from: number,
): { to: number | null; values: readonly Buffer[] } | null => {
  for (const [key, values] of entry.attributes) {
    const range = rangeOf(key);
    if (range === null || range.name !== name || range.from !== from) continue;
    return range.to === null || range.to >= from ? { to: range.to, values } : null;
  }
  return null;
};

/** `member;range=0-1499`; `to` is null in the last one, `member;range=1500-*`. */
export const rangeOf = (name: string): { name: string; from: number; to: number | null } | null => {
  // Hardly any name has an option, and every attribute of every entry is asked.
  if (!name.includes(';')) return null;
  const [, attribute, from, to] = /^(.+);range=(\d{1,10})-(\d{1,10}|\*)$/i.exec(name) ?? [];
  if (attribute === undefined) return null;
  return { name: attribute, from: Number(from), to: to === '*' ? null : Number(to) };
};
