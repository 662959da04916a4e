/** Most characters of a cell: room for a private key. */
const longestCell = 32_768;

export interface CsvRow {
  /** Where it begins in the file; the first line is 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Text that is no CSV. Nothing after it can be read. */
export class CsvError extends Error {
  override readonly name = 'CsvError';
  readonly line: number;
  /** Number of the cell in its row, from 0. */
  readonly cell: number;

  constructor(line: number, cell: number, message: string) {
    super(message);
    this.line = line;
    this.cell = cell;
  }
}

/**
 * Rows of RFC 4180 as they come in: UTF-8 with or without a byte order mark, lines ended by CRLF, LF or CR. Empty lines are
 * left out. Only a row is held at a time.
 * @throws CsvError
 */
export async function* readCsv(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<CsvRow> {
  const reader = openRow();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk: Uint8Array | null): string => {
    try {
      return chunk === null ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      throw new CsvError(reader.line(), reader.cell(), 'The file is not UTF-8.');
    }
  };
  for await (const chunk of bytes) yield* reader.take(decode(chunk));
  yield* reader.take(decode(null));
  yield* reader.end();
}

/** One row after the other, from text that is cut anywhere. */
const openRow = () => {
  let where: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  let line = 1;
  let begun = 1;
  let before = '';
  let cells: string[] = [];
  let cell = '';
  const refuse = (message: string) => new CsvError(line, cells.length, message);
  const endCell = () => {
    cells.push(cell);
    cell = '';
    where = 'start';
  };
  const add = (one: string) => {
    if (cell.length >= longestCell) throw refuse(`The cell is longer than ${longestCell} characters.`);
    cell += one;
  };
  /** True where it ends the row. */
  const step = (one: string): boolean => {
    if (where === 'quoted') {
      if (one === '"') where = 'quote';
      else add(one);
      return false;
    }
    if (one === '\n' || one === '\r') {
      endCell();
      return true;
    }
    if (one === ',') endCell();
    else if (one === '"') {
      if (where === 'plain') throw refuse('Put a cell that has a quote into quotes, and write the quote twice.');
      if (where === 'quote') add(one);
      where = 'quoted';
    } else {
      if (where === 'quote') throw refuse('After the closing quote of a cell comes a comma or the end of the line.');
      add(one);
      where = 'plain';
    }
    return false;
  };
  const takeRow = function* (): Generator<CsvRow> {
    if (cells.length > 1 || cells[0] !== '') yield { line: begun, cells };
    cells = [];
  };
  return {
    line: () => line,
    cell: () => cells.length,
    *take(text: string): Generator<CsvRow> {
      for (const one of text) {
        const isSecond = before === '\r' && one === '\n';
        before = one;
        // The second half of CRLF ends nothing.
        if (isSecond && where !== 'quoted') continue;
        if (cells.length === 0 && where === 'start') begun = line;
        const ended = step(one);
        if (one === '\r' || (one === '\n' && !isSecond)) line += 1;
        if (ended) yield* takeRow();
      }
    },
    *end(): Generator<CsvRow> {
      if (where === 'quoted') throw new CsvError(begun, cells.length, 'A quote is opened here and never closed.');
      if (cells.length === 0 && where === 'start') return;
      endCell();
      yield* takeRow();
    },
  };
};

/**
 * One line of RFC 4180, ended with CRLF. A cell that a spreadsheet would take for a formula gets an apostrophe in front,
 * and so does one that begins with such apostrophes, so that `fromSafe` gives back exactly what it was. `exact`: cells
 * that must not be touched.
 */
export const toCsvLine = (cells: readonly string[], exact: readonly number[] = []): string =>
  `${cells
    .map((cell, at) => (exact.includes(at) ? cell : cell.replace(/^(?='*[=+\-@\t\r])/, "'")))
    .map((cell) => (/[",\r\n']|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')}\r\n`;

/** What a cell was before `toCsvLine` made it safe. */
export const fromSafe = (cell: string): string => cell.replace(/^'(?='*[=+\-@\t\r])/, '');
