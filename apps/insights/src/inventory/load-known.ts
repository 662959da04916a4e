import type { RecordKind } from '@gatehouse/connector-kit';
import type { Bulk } from '@gatehouse/database';
import { type KnownRecords, knownRecords } from './known-records.ts';
import { copyKnown } from './merge-sql.ts';
import { inRanges, unpackRanges } from './seen-ranges.ts';

interface Owner {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly stream: string;
}

/** Reads back what the inventory holds of a stream, and which of it the open generation saw before it was interrupted. */
export const loadKnown = async (bulk: Bulk, kind: RecordKind, owner: Owner): Promise<KnownRecords> => {
  const { rows } = await bulk.query<{ ranges: Buffer }>(
    'select ranges from seen_pages where tenant_id = $1 and connection_id = $2 and stream = $3',
    [owner.tenantId, owner.connectionId, owner.stream],
  );
  const wasSeen = inRanges(rows.flatMap(({ ranges }) => unpackRanges(ranges)));
  const known = knownRecords(0);
  const rowsOf = copyReader((id, seq, hash) => {
    const place = known.load(id, seq, hash);
    if (rows.length > 0 && wasSeen(seq)) known.see(place);
  });
  for await (const chunk of bulk.copyOut(copyKnown(kind, owner))) rowsOf(chunk);
  return known;
};

/** PostgreSQL's binary COPY format: a signature, then per row a count of fields and each with its length (-1: null). */
const copyReader = (take: (id: Buffer, seq: number, hash: Buffer | null) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  let signature = 19;
  return (chunk: Buffer): void => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    if (signature > 0) {
      if (bytes.length < signature) {
        rest = bytes;
        return;
      }
      at = signature;
      signature = 0;
    }
    for (;;) {
      const end = rowEnd(bytes, at);
      if (end < 0) break;
      const seq = Number(bytes.readBigInt64BE(at + 6));
      const idLength = bytes.readInt32BE(at + 14);
      const hashLength = bytes.readInt32BE(at + 18 + idLength);
      const hashAt = at + 22 + idLength;
      take(
        bytes.subarray(at + 18, at + 18 + idLength),
        seq,
        hashLength < 0 ? null : bytes.subarray(hashAt, hashAt + hashLength),
      );
      at = end;
    }
    rest = bytes.subarray(at);
  };
};

/** Where the row that starts here ends; -1 when it is not there as a whole, or is the end mark. */
const rowEnd = (bytes: Buffer, start: number): number => {
  if (start + 18 > bytes.length || bytes.readInt16BE(start) !== 3) return -1;
  const hashAt = start + 18 + bytes.readInt32BE(start + 14);
  if (hashAt + 4 > bytes.length) return -1;
  const end = hashAt + 4 + Math.max(0, bytes.readInt32BE(hashAt));
  return end > bytes.length ? -1 : end;
};
