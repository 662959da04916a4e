import { hash as digest } from 'node:crypto';
import { longestId, type RecordKind, type Records } from '@gatehouse/connector-kit';
import { inTurns } from '@gatehouse/host';
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
 * Records as lines of PostgreSQL's COPY text format, one after another. The hash of a record is taken over the text of
 * its id, columns and raw just as the line holds it: it is stable, and nothing is encoded twice.
 */
export interface RecordLines {
  /** 16 bytes, each as one character. */
  hash(at: number): string;
  /** The line of this record with its seq, a view into `all`. */
  line(at: number, seq: number): Buffer;
  /** Every line, once each was given its seq. */
  readonly all: Buffer;
}

/** Encodes pages of one stream. Knows nothing of the inventory, so a page can be encoded before its turn. */
export type EncodeLines<K extends RecordKind> = (records: readonly Records[K][]) => Promise<RecordLines>;

export const encodeLines = <K extends RecordKind>(
  kind: K,
  origin: { readonly tenantId: string; readonly connectionId: string; readonly stream: string },
): EncodeLines<K> => {
  const columns = recordColumns(kind);
  // What every line begins with; seq and hash are written into their room later.
  const head = Buffer.from(
    `${'0'.repeat(seqDigits)}\t${origin.tenantId}\t${origin.connectionId}\t${escapeText(origin.stream)}\t\\\\x${'0'.repeat(2 * hashLength)}\t`,
  );
  const hashAt = head.length - 1 - 2 * hashLength;
  let likely = 1 << 16;

  return async (records) => {
    let buffer = Buffer.allocUnsafe(likely);
    const ends: number[] = [];
    const hashes: string[] = [];
    let end = 0;
    await inTurns(records, (record) => {
      const text = toContent(columns, record);
      const most = end + head.length + text.length * 3;
      if (most > buffer.length) {
        const larger = Buffer.allocUnsafe(Math.max(most, buffer.length * 2));
        buffer.copy(larger, 0, 0, end);
        buffer = larger;
      }
      const start = end + head.copy(buffer, end);
      end = start + buffer.write(text, start, 'utf8');
      ends.push(end);
      hashes.push(digest('sha256', buffer.subarray(start, end), 'binary'));
    });
    likely = Math.max(likely, end);
    const startOf = (at: number) => ends[at - 1] ?? 0;
    const hash = (at: number) => hashes[at] ?? '';
    return {
      hash,
      line(at, seq) {
        const start = startOf(at);
        buffer.write(String(seq).padStart(seqDigits, '0'), start, 'latin1');
        const hex = Buffer.from(hash(at), 'latin1').toString('hex', 0, hashLength);
        buffer.write(hex, start + hashAt, 'latin1');
        return buffer.subarray(start, ends[at]);
      },
      all: buffer.subarray(0, end),
    };
  };
};

/** Holds every number that JavaScript counts exactly; leading zeros mean nothing. */
const seqDigits = 16;

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
