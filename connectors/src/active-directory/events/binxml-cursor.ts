import { textOfUtf16 } from './binxml-values.ts';
import { unreadable } from './windows-event.ts';

/** A place in the bytes of a chunk that never leaves them. Every read throws a Fault `unexpected` beyond `end`. */
export interface Cursor {
  readonly at: number;
  readonly end: number;
  peek(): number;
  u8(): number;
  u16(): number;
  u32(): number;
  skip(count: number): void;
  bytes(count: number): Uint8Array;
  /** A counted text in UTF-16. */
  text(): string;
  /** A name by its place in the chunk; it stands right here where it is first used. */
  name(): string;
}

export const cursorAt = (chunk: Uint8Array, start: number, end: number): Cursor => {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const limit = Math.min(end, chunk.length);
  let at = start;
  const take = (count: number): number => {
    if (at + count > limit) throw unreadable(`its binary XML is cut off at ${at}`);
    const from = at;
    at += count;
    return from;
  };
  const cursor: Cursor = {
    get at() {
      return at;
    },
    end: limit,
    peek: () => {
      if (at >= limit) throw unreadable(`its binary XML is cut off at ${at}`);
      return view.getUint8(at);
    },
    u8: () => view.getUint8(take(1)),
    u16: () => view.getUint16(take(2), true),
    u32: () => view.getUint32(take(4), true),
    skip: (count) => void take(count),
    bytes: (count) => {
      const from = take(count);
      return chunk.subarray(from, from + count);
    },
    text: () => textOfUtf16(cursor.bytes(2 * cursor.u16())),
    name: () => {
      const place = cursor.u32();
      if (place !== at) return nameAt(chunk, place).name;
      const { name, size } = nameAt(chunk, place);
      take(size);
      return name;
    },
  };
  return cursor;
};

const longestName = 1_000;

/** Next name in its bucket (4), hash (2), number of characters (2), characters, NUL. */
const nameAt = (chunk: Uint8Array, at: number): { readonly name: string; readonly size: number } => {
  if (at + 8 > chunk.length) throw unreadable('a name is outside of its chunk');
  const count = (chunk[at + 6] ?? 0) + 256 * (chunk[at + 7] ?? 0);
  const end = at + 8 + 2 * count;
  if (count > longestName) throw unreadable(`a name has ${count} characters`);
  if (end + 2 > chunk.length) throw unreadable('a name is outside of its chunk');
  return { name: textOfUtf16(chunk.subarray(at + 8, end)), size: 10 + 2 * count };
};
