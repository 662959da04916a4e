import { hash as digest } from 'node:crypto';
import type { RecordKind, Records } from '@gatehouse/connector-kit';
import { Fault, type Json } from '@gatehouse/kernel';
import { type RecordColumn, recordColumns } from './record-columns.ts';
import { toRawText } from './record-raw.ts';

/** Bytes of a content hash as it is stored. */
export const hashLength = 16;

/** Columns of `copy` and of the incoming table, in the order in which a line holds them. */
export const lineFields = (kind: RecordKind): readonly string[] => [
  'seq',
  'tenant_id',
  'connection_id',
  'stream',
  'hash',
  'id',
  ...recordColumns(kind).map(({ field }) => field),
  'raw',
];

/**
 * Records as lines of PostgreSQL's COPY text format, written one after another into one growing buffer.
 * The hash is taken over the text of id, columns and raw just as the line holds it: it is stable, and nothing is encoded twice.
 */
export interface RecordLines<K extends RecordKind> {
  /** Encodes a record without keeping it; `hash` then holds its 16 bytes, each as one character. */
  encode(record: Records[K]): void;
  readonly hash: string;
  /** Keeps the encoded record as a line with this seq. */
  keep(seq: number): void;
  /** The last encoded record as a line of its own, for the few that are not written at once. */
  copy(seq: number): Buffer;
  /** What was kept, and starts again. The buffer is valid until the next `encode`. */
  take(): Buffer;
}

export const recordLines = <K extends RecordKind>(
  kind: K,
  origin: { readonly tenantId: string; readonly connectionId: string; readonly stream: string },
): RecordLines<K> => {
  const columns = recordColumns(kind);
  const owner = `\t${origin.tenantId}\t${origin.connectionId}\t${escapeText(origin.stream)}\t\\\\x`;
  // A line is: head (seq, owner, hash) and content. The head has a fixed room before the content, filled from its end.
  const room = 20 + Buffer.byteLength(owner) + 2 * hashLength + 1;
  let buffer = Buffer.allocUnsafe(1 << 20);
  let kept = 0;
  let length = 0;
  let hash = '';

  const head = (seq: number) => `${seq}${owner}${Buffer.from(hash, 'latin1').toString('hex', 0, hashLength)}\t`;

  return {
    get hash() {
      return hash;
    },
    encode(record) {
      const text = toContent(columns, record);
      const most = kept + room + text.length * 3;
      if (most > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(most, buffer.length * 2));
        buffer.copy(larger, 0, 0, kept);
        buffer = larger;
      }
      length = buffer.write(text, kept + room, 'utf8');
      hash = digest('sha256', buffer.subarray(kept + room, kept + room + length), 'binary');
    },
    keep(seq) {
      const start = head(seq);
      buffer.write(start, kept, 'latin1');
      buffer.copyWithin(kept + start.length, kept + room, kept + room + length);
      kept += start.length + length;
    },
    copy(seq) {
      return Buffer.concat([Buffer.from(head(seq), 'latin1'), buffer.subarray(kept + room, kept + room + length)]);
    },
    take() {
      const taken = buffer.subarray(0, kept);
      kept = 0;
      return taken;
    },
  };
};

const longestId = 500;
const longestText = 2_000;
const mostItems = 10_000;

const toContent = <K extends RecordKind>(columns: readonly RecordColumn[], record: Records[K]): string => {
  if (record.id.length > longestId || record.id === '') {
    throw new Fault(
      'unexpected',
      `The system sent a record whose id is ${record.id === '' ? 'empty' : `longer than ${longestId} characters`}, so it cannot be told apart from others. Nothing of this page was stored.`,
      `id starts with ${JSON.stringify(record.id.slice(0, 60))}`,
    );
  }
  let line = escapeText(record.id);
  const values = record as unknown as Readonly<Record<string, unknown>>; // The spec, not the type, says which columns there are.
  for (const { name, type } of columns) line += `\t${toField(type, values[name])}`;
  return `${line}\t${escapeSlashes(toRawText(record.raw))}\n`;
};

const toField = (type: RecordColumn['type'], value: unknown): string => {
  if (value === null || value === undefined) return type === 'list' ? '{}' : '\\N';
  switch (type) {
    case 'text':
      return escapeText(bound(String(value)));
    case 'flag':
      return value ? 't' : 'f';
    case 'number':
      return Number.isFinite(value) ? String(value) : '\\N';
    case 'time':
      return value instanceof Date && isTime(value) ? value.toISOString() : '\\N';
    case 'list':
      return toList(value);
    case 'json':
      return escapeSlashes(toRawText(value as Json)); // The only type of a json column.
  }
};

/** Years that ISO 8601 writes with four digits; PostgreSQL reads no other. */
const isTime = (time: Date) => time.getTime() >= -62_135_596_800_000 && time.getTime() <= 253_402_300_799_999;

const toList = (value: unknown): string => {
  if (!Array.isArray(value) || value.length === 0) return '{}';
  let items = '';
  for (const item of value.slice(0, mostItems)) {
    const text = bound(String(item)).replace(/["\\]/g, '\\$&');
    items += `${items === '' ? '' : ','}"${text}"`;
  }
  return escapeText(`{${items}}`);
};

const bound = (text: string): string => (text.length > longestText ? text.slice(0, longestText).toWellFormed() : text);

/** Text as a field of COPY: backslash, tab and line ends are written as escapes; PostgreSQL has no character zero. */
const escapeText = (text: string): string =>
  special.test(text) ? text.replace(/[\0\\\t\n\r]/g, (letter) => escapes[letter] ?? '') : text;
const special = /[\0\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** JSON text holds no control characters, so backslashes are all there is to escape. */
const escapeSlashes = (json: string): string => (json.includes('\\') ? json.replaceAll('\\', '\\\\') : json);
