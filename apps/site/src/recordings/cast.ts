import { StringDecoder } from 'node:string_decoder';

/** asciicast v2: a line of JSON with what it is, then a line for each thing that happened, `[seconds, code, text]`. */

export interface CastOptions {
  readonly columns: number;
  readonly rows: number;
  readonly startedAt: Date;
  readonly title: string;
  readonly term: string;
}

/** Makes the lines of one recording; times are of a clock that only goes forward. */
export interface Cast {
  header(): string;
  /** Bytes of the terminal, which may end in the middle of a letter. */
  output(bytes: Buffer): string;
  input(bytes: Buffer): string;
  resize(columns: number, rows: number): string;
  /** A moment with a name. */
  mark(name: string): string;
}

export const createCast = ({ columns, rows, startedAt, title, term }: CastOptions): Cast => {
  const began = performance.now();
  const [out, typed] = [new StringDecoder('utf8'), new StringDecoder('utf8')];
  const line = (code: string, text: string) =>
    text === '' ? '' : `${JSON.stringify([Math.round(performance.now() - began) / 1_000, code, text])}\n`;
  return {
    header: () => {
      const timestamp = Math.floor(startedAt.getTime() / 1_000);
      return `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp, title, env: { TERM: term } })}\n`;
    },
    output: (bytes) => line('o', out.write(bytes)),
    input: (bytes) => line('i', typed.write(bytes)),
    resize: (wide, high) => line('r', `${wide}x${high}`),
    mark: (name) => line('m', name),
  };
};

export interface CastEvent {
  readonly atMs: number;
  readonly code: string;
  readonly text: string;
}

/** The events of a recording as it is read. */
export async function* readCast(parts: AsyncIterable<Buffer>): AsyncGenerator<CastEvent> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + decoder.write(part)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event: unknown = JSON.parse(line);
      if (!Array.isArray(event)) continue;
      const [seconds, code, text] = event;
      yield { atMs: Math.round(Number(seconds) * 1_000), code: String(code), text: String(text) };
    }
  }
}
