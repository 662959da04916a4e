import { expect, test } from 'vitest';
import { CsvError, type CsvRow, fromSafe, readCsv, toCsvLine } from './csv.ts';

/** The rows of a text that arrives in pieces of so many bytes. */
const read = async (text: string | Uint8Array, size = 1_000): Promise<CsvRow[]> => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const pieces = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const rows: CsvRow[] = [];
  for await (const row of readCsv(pieces())) rows.push(row);
  return rows;
};
const refusal = (text: string | Uint8Array) =>
  read(text).then(
    () => null,
    (error) => (error instanceof CsvError ? [error.line, error.cell, error.message] : error),
  );

test.each([1, 2, 3, 7, 1_000])('rows are the same however the file is cut (%i bytes)', async (size) => {
  const text = '\ufeffa,b\r\n"x, ""y""",ü€😀\n\n"two\r\nlines",\r,\r\nlast,"q"';
  expect(await read(text, size)).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['x, "y"', 'ü€😀'] },
    { line: 4, cells: ['two\r\nlines', ''] },
    { line: 6, cells: ['', ''] },
    { line: 7, cells: ['last', 'q'] },
  ]);
});

test.each<[string, string | Uint8Array, number, number, RegExp]>([
  ['a quote that is never closed', 'a,b\nc,"d\ne', 2, 1, /never closed/],
  ['a quote within a cell', 'a,b\nc"d,e', 2, 0, /write the quote twice/],
  ['text after a closing quote', 'a,"b"c', 1, 1, /comma or the end/],
  ['bytes that are not UTF-8', new Uint8Array([0x61, 0x2c, 0xff, 0x0a]), 1, 0, /not UTF-8/],
  ['a cell without end', `a,${'x'.repeat(40_000)}`, 1, 1, /longer than/],
])('%s is named by line and cell', async (_, text, line, cell, message) => {
  expect(await refusal(text)).toEqual([line, cell, expect.stringMatching(message)]);
});

test('what a spreadsheet would take for a formula is made safe, and comes back as it was', async () => {
  const cells = ['=1+1', '+a', '-a', '@a', "'=a", "''-b", "'plain", 'a=b', '\tx', ' y ', 'q"q', 'a\r\nb', ''];
  const line = toCsvLine(cells);
  const [row] = await read(line);
  for (const cell of row?.cells ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  expect(row?.cells.map(fromSafe)).toEqual(cells);
  expect((await read(toCsvLine(['=x', '=x'], [1])))[0]?.cells).toEqual(["'=x", '=x']);
});
