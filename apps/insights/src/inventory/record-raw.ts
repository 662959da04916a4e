import type { Json } from '@gatehouse/kernel';

/** Characters of the vendor's own words that are kept of one record. */
const mostCharacters = 256 * 1024;
const longestString = 10_000;

/** JSON that PostgreSQL accepts: no character zero, no half of a surrogate pair, and bounded. */
export const toRawText = (raw: Json): string => {
  const text = JSON.stringify(raw) ?? 'null';
  if (text.length > mostCharacters) return bounded(raw);
  return text.includes('\\u') && unstorable.test(text) ? JSON.stringify(raw, mend) : text;
};

// JSON.stringify writes these as escapes, and a text that only talks about them is mended without harm.
const unstorable = /\\u(0000|d[89a-f])/;

const mendText = (text: string): string => text.toWellFormed().replace(/\0/g, '');

const mend = (_: string, value: unknown): unknown => {
  if (typeof value === 'string') return mendText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const names = Object.keys(value);
  return names.every((name) => mendText(name) === name)
    ? value
    : Object.fromEntries(Object.entries(value).map(([name, one]) => [mendText(name), one]));
};

/** Long strings are cut; if that is not enough, the largest members of the top level are left out and named. */
const bounded = (raw: Json): string => {
  const cut = (name: string, value: unknown): unknown => {
    const mended = mend(name, value);
    if (typeof mended !== 'string' || mended.length <= longestString) return mended;
    return `${mended.slice(0, longestString).toWellFormed()}… (${mended.length} characters)`;
  };
  const text = JSON.stringify(raw, cut);
  if (text.length <= mostCharacters) return text;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return leftOut(text.length);
  const members = Object.entries(raw).map(([name, value]) => ({
    name: mendText(name),
    text: JSON.stringify(value, cut) ?? 'null',
  }));
  let room = mostCharacters;
  const kept = members
    .toSorted((a, b) => a.text.length - b.text.length)
    .map(({ name, text: member }) => {
      room -= name.length + member.length + 10;
      return `${JSON.stringify(name)}:${room > 0 ? member : leftOut(member.length)}`;
    });
  return `{${kept.slice(0, 1_000).join(',')}}`;
};

const leftOut = (length: number) => JSON.stringify(`left out: ${length} characters`);
