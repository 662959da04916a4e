import type { AnsweredEntry } from './answer.ts';
import { partsOf, saclFlag } from './descriptor-parts.ts';
import type { Attribute, Entry } from './directory.ts';

/** Which attributes of an entry an answer has, and how much of each. */
export interface Projection {
  /** In lower case, options included; empty for all. */
  readonly attributes: readonly string[];
  /** Null without the SD flags control. */
  readonly sdFlags: number | null;
  readonly mayReadSacl: boolean;
  readonly maxValRange: number;
  /** Writes names with the GUID and SID of their objects before them; null: as they are. */
  readonly extend: ((dn: string) => string) | null;
  /** DirSync: only what changed after this USN, of lists the changed values only. */
  readonly since: { readonly usn: number; readonly valuesOnly: boolean } | null;
}

/** Null where a range is asked for that begins behind the last value. */
export const toAnswered = (entry: Entry, projection: Projection): AnsweredEntry | null => {
  const { attributes: asked, since } = projection;
  const isAll = asked.length === 0 || asked.includes('*');
  const answered: { name: string; values: readonly Buffer[] }[] = [];
  const isNew =
    since === null || Number(entry.attributes.get('usncreated')?.values[0] ?? 0) > since.usn || since.usn < 0;
  const take = (key: string, attribute: Attribute, range: Range | null) => {
    if (!isNew && since !== null && attribute.usn <= since.usn && !alwaysSent.has(key)) return;
    // DirSync names what was emptied; a search does not.
    if (attribute.values.length === 0 && since === null) return;
    const shown = key === 'ntsecuritydescriptor' ? descriptor(attribute, projection) : attribute;
    if (shown?.links !== undefined && since?.valuesOnly === true && !isNew)
      return void answered.push(...linked(shown, since.usn));
    if (shown !== null) answered.push(since === null ? inRange(shown, range, projection.maxValRange) : shown);
  };
  if (isAll) for (const [key, attribute] of entry.attributes) take(key, attribute, null);
  else {
    for (const one of asked) {
      const range = rangeIn(one);
      const key = range?.name ?? one;
      const attribute = entry.attributes.get(key);
      if (attribute === undefined) continue;
      if (range !== null && range.from >= attribute.values.length) return null;
      take(key, attribute, range);
    }
    if (since !== null) {
      for (const key of alwaysSent) {
        const attribute = entry.attributes.get(key);
        if (attribute !== undefined && !asked.includes(key)) take(key, attribute, null);
      }
    }
  }
  const { extend } = projection;
  if (extend === null) return { dn: entry.dn, attributes: answered };
  const extended = (value: Buffer) =>
    isName.test(value.toString('latin1')) ? Buffer.from(extend(value.toString())) : value;
  return {
    dn: extend(entry.dn),
    attributes: answered.map(({ name, values }) => ({ name, values: values.map(extended) })),
  };
};

const isName = /^(CN|OU|DC)=/i;

/** With every change that DirSync tells. */
const alwaysSent: ReadonlySet<string> = new Set(['objectguid', 'instancetype', 'isdeleted']);

interface Range {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const rangeIn = (asked: string): Range | null => {
  const [, name, from, to] = /^(.+);range=(\d+)-(\d+|\*)$/.exec(asked) ?? [];
  if (name === undefined) return null;
  return { name, from: Number(from), to: to === '*' ? Number.POSITIVE_INFINITY : Number(to) };
};

/** More values than MaxValRange come in ranges, the first one unasked. */
const inRange = ({ name, values }: Attribute, range: Range | null, most: number) => {
  if (range === null && values.length <= most) return { name, values };
  const { from, to } = range ?? { from: 0, to: Number.POSITIVE_INFINITY };
  const end = Math.min(values.length, from + most, to + 1);
  const last = end >= values.length ? '*' : String(end - 1);
  return { name: `${name};range=${from}-${last}`, values: values.slice(from, end) };
};

/** Added values come as `range=1-1`, removed ones as `range=0-0` (MS-ADTS 3.1.1.3.4.1.3). */
const linked = ({ name, links = [] }: Attribute, since: number) => {
  const changed = (isPresent: boolean) =>
    links.filter((link) => link.usn > since && link.isPresent === isPresent).map(({ value }) => value);
  return [
    { name: `${name};range=1-1`, values: changed(true) },
    { name: `${name};range=0-0`, values: changed(false) },
  ].filter(({ values }) => values.length > 0);
};

const descriptor = (attribute: Attribute, { sdFlags, mayReadSacl }: Projection): Attribute | null => {
  if (sdFlags === null || ((sdFlags & saclFlag) !== 0 && !mayReadSacl)) return null;
  return { ...attribute, values: attribute.values.map((value) => partsOf(value, sdFlags)) };
};
