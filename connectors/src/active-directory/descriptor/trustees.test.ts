import { expect, test } from 'vitest';
import { tableOf, toEdges } from './edges.ts';
import { openEdgeReader } from './index.ts';
import { toSchemaNames } from './schema-names.ts';
import { build } from './test/build.ts';
import { fastLinesOf, linesOf } from './test/rows.ts';
import { openTrustees } from './trustees.ts';

/** Thousands of domains, of which many share the part by which a prefix is looked for first. */
const sids = Array.from({ length: 20_000 }, (_, index) => `S-1-5-21-${index % 4000}-7-${index % 3}-${1000 + index}`);
const odd = [
  'S-1-5',
  'S-1-0-0',
  'S-1-5-80-1-2-3-4-5',
  `S-1-15${'-4294967295'.repeat(15)}`,
  'S-1-0x000100000000-1',
  'S-1-5-32',
];

test('every SID keeps its number and gives its text back, however many domains there are', () => {
  const trustees = openTrustees();
  const all = [...sids, ...odd];
  const numbers = all.map((sid) => trustees.ofText(sid));
  expect(new Set(numbers).size).toBe(all.length);
  expect(all.map((sid) => trustees.ofText(sid))).toEqual(numbers);
  expect(numbers.map((number) => trustees.text(number))).toEqual(all);
});

test('a list that is the first to name its domains is read as any other, and so is the next one', () => {
  const names = toSchemaNames([]);
  const reader = openEdgeReader();
  for (let from = 0; from < 3000; from += 600) {
    const bytes = build(sids.slice(from, from + 600).map((to) => ({ mask: 0xf01ff, to })));
    expect(fastLinesOf(bytes, tableOf('user', names))).toEqual(linesOf(toEdges(bytes, 'user', names)));
    expect(reader.read(bytes, tableOf('user', names)).count).toBeGreaterThanOrEqual(600);
  }
});
