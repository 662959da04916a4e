import { expect, test } from 'vitest';
import { csvLine } from './csv.ts';

test('a text that a spreadsheet would run is shown as text', () => {
  for (const text of ['=1+1', '+1', '-1', '@sum(a1)', '\t=1', ' =1', '|x', '%x']) {
    expect(csvLine([text])).toMatch(/^"?'/);
  }
  expect(csvLine([-1, true, null])).toBe('-1,true,\r\n');
});

test('quotes, commas and line ends stay inside their cell', () => {
  expect(csvLine(['a"b', 'c,d', 'e\r\nf', ['g', 'h'], { i: 1 }])).toBe('"a""b","c,d","e\r\nf","g; h","{""i"":1}"\r\n');
});
