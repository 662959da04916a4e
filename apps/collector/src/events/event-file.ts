import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '@gatehouse/kernel';
import type { Mark } from './ledger.ts';

/** A file of events, opened. */
export interface EventFile {
  readonly mark: Mark;
  readonly size: number;
  /** Milliseconds. */
  readonly writtenAt: number;
  /** Whether it begins as the file with this mark did. */
  beginsLike(mark: Mark): Promise<boolean>;
  /** At most so many bytes from there. */
  bytes(from: number, most: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Some events: those of one machine begin alike. */
const headBytes = 4_096;

/** Null where there is no such file, or where it is none (a folder, a link, a pipe). @throws Fault */
export const openEventFile = async (path: string): Promise<EventFile | null> => {
  let handle: FileHandle;
  try {
    // Whoever may put files there must not lead elsewhere by links, nor hold us up by pipes.
    handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EISDIR', 'ENXIO'].includes(code)) return null;
    if (code === 'EACCES' || code === 'EPERM')
      throw new Fault('forbidden', `The account of the collector may not read ${path}.`, code);
    throw new Fault('unreachable', `${path} cannot be opened.`, code);
  }
  try {
    const stats = await handle.stat({ bigint: true });
    const { dev, ino, size, mtimeMs } = stats;
    if (!stats.isFile()) {
      await handle.close();
      return null;
    }
    const bytes = async (from: number, most: number) => {
      const buffer = Buffer.alloc(Math.max(0, Math.min(most, Number(size) - from)));
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, from + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    };
    const head = await bytes(0, headBytes);
    return {
      mark: { file: `${dev}:${ino}`, head: hashOf(head), headBytes: head.length },
      ...{ size: Number(size), writtenAt: Number(mtimeMs), bytes },
      beginsLike: async (mark) =>
        mark.headBytes <= head.length && hashOf(head.subarray(0, mark.headBytes)) === mark.head,
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
};

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex').slice(0, 32);

/** How a file is cut into stretches. `whole`: not at all. */
export type Form = 'xml' | 'lines' | 'whole';

/** By its beginning. Both other encodings and documents of JSON end nowhere but at their end. */
export const formOf = async (file: EventFile): Promise<Form> => {
  const head = await file.bytes(0, 65_536);
  if (head.includes(0)) return 'whole';
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (text.startsWith('<')) return 'xml';
  const [first = '', second] = text.split(/\r?\n/, 2);
  // Samba writes a heading above each line.
  if (/^\[\d{4}\//.test(first)) return 'lines';
  if (second === undefined && !text.includes('\n')) return 'whole';
  try {
    const value: unknown = JSON.parse(first);
    return typeof value === 'object' && !Array.isArray(value) ? 'lines' : 'whole';
  } catch {
    return 'whole';
  }
};

/** The most of one stretch; one event is at most a megabyte. */
const longest = 16 * 2 ** 20;

/** Where a stretch from `from` on ends, so that no event is cut; null: its last event is not finished. */
export const endOfStretch = async (file: EventFile, form: Form, from: number): Promise<number | null> => {
  const window = await file.bytes(from, longest);
  const isAll = from + window.length >= file.size;
  const mark = form === 'xml' ? '</Event>' : '\n';
  for (let at = window.lastIndexOf(mark); at >= 0; at = at === 0 ? -1 : window.lastIndexOf(mark, at - 1)) {
    if (form === 'xml' || endsObject(window, at)) return from + at + mark.length;
  }
  // So long without an end that it is no log.
  return isAll ? null : from + window.length;
};

const endsObject = (bytes: Buffer, newline: number): boolean => {
  for (let at = newline - 1; at >= 0; at--) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0d && byte !== 0x09) return byte === 0x7d;
  }
  return false;
};
