import { expect, test } from 'vitest';
import { holds, markerIn, markerPrefix, markerText, oneLine } from '../src/index.ts';

const marker = { session: 'a1:b.c_d-e', part: 'summary', revision: 12 };

test('a marker is found again in the text around it', () => {
  expect(markerText(marker)).toBe('[session a1:b.c_d-e summary 12]');
  expect(markerIn(`Title\n${markerText(marker)} 0815`)).toEqual(marker);
  expect(markerText(marker).startsWith(markerPrefix(marker))).toBe(true);
  expect(markerIn('[session a b]')).toBeNull();
});

test.each([
  ['', 'summary', 1],
  ['a b', 'summary', 1],
  ['a', 'Summary', 1],
  ['a', 'x', 0],
  ['a', 'x', 1.5],
  ['x'.repeat(101), 'x', 1],
  ['a]\n', 'x', 1],
])('no marker is made of %j, %j and %j', (session, part, revision) => {
  expect(() => markerText({ session, part, revision })).toThrow('marker');
});

test('a title is one line of two hundred characters, and no half of one', () => {
  expect(oneLine(' a\r\n\u2028b\u0000c ')).toBe('a b c');
  expect(oneLine(`${'x'.repeat(199)}😀`)).toBe(`${'x'.repeat(199)}\uFFFD`);
});

test('a ticket holds what was written whatever the order, the breaks of lines and the blanks around it', () => {
  expect(holds(['b', ' a\r\nc '], ['a\nc', 'b'])).toBe(true);
  expect(holds([''], [])).toBe(true);
  expect(holds(['a'], ['a', 'b'])).toBe(false);
});
