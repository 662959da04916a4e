import { expect, test } from 'vitest';
import { toCsvLine } from './csv.ts';

test('cells with quotes, commas and line breaks stay one cell', () => {
  expect(toCsvLine(['a"b', 'c,d', 'e\nf', null])).toBe('"a""b","c,d","e\nf",\r\n');
});

test('no cell is a formula', () => {
  expect(toCsvLine(['=HYPERLINK("x")', '+1', '-1', '@a'])).toBe(`"'=HYPERLINK(""x"")",'+1,'-1,'@a\r\n`);
});
