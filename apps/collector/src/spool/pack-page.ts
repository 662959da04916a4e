import type { RecordKind, Records } from '@gatehouse/connector-kit';
import { largestBatch, packBatch, toPageBatch } from '@gatehouse/connector-kit/ingest';
import type { Page } from '@gatehouse/host';

/** What one batch holds at most before it is compressed, so that it fits however little that gains. */
const largestPart = 7 * 2 ** 20;

/**
 * Cuts a page into parts that each fit into a batch. What is gone, and whose parts are all there, is said by the first:
 * what later parts bring comes after it. A record that fits into none is left out, with a line that says so.
 */
export const partsOf = async <K extends RecordKind>(
  record: K,
  page: Page<Records[K]>,
): Promise<readonly Page<Records[K]>[]> => {
  const { records, gone = [], leftOut = [], wholes, total } = page;
  const unfit: string[] = [];
  const parts: Records[K][][] = [[]];
  let room = largestPart;
  for (const one of records) {
    const bytes = Buffer.byteLength(JSON.stringify(one));
    if (bytes > largestPart && !(await fitsAlone(record, one))) {
      unfit.push(`A record of ${bytes} bytes is larger than can be sent: ${one.id.slice(0, 300)}`);
      continue;
    }
    if (bytes > room && parts.at(-1)?.length !== 0) {
      parts.push([]);
      room = largestPart;
    }
    room -= bytes;
    parts.at(-1)?.push(one);
  }
  const lines = [...leftOut, ...unfit];
  // The lists beside the records have their bounds too.
  const count = Math.max(parts.length, Math.ceil(gone.length / most), Math.ceil(lines.length / most));
  return Array.from({ length: count }, (_, index) => {
    const stretch = [index * most, (index + 1) * most] as const;
    return {
      records: parts[index] ?? [],
      cursor: page.cursor,
      ...(gone.slice(...stretch).length > 0 && { gone: gone.slice(...stretch) }),
      ...(lines.slice(...stretch).length > 0 && { leftOut: lines.slice(...stretch) }),
      ...(wholes !== undefined && index === 0 && { wholes }),
      ...(total !== undefined && { total }),
    };
  });
};

const most = 10_000;

const fitsAlone = async <K extends RecordKind>(record: K, one: Records[K]): Promise<boolean> => {
  if (JSON.stringify(one).length > 60 * 2 ** 20) return false;
  const place = { source: '-', stream: '-', generation: 1, sequence: 0, readAt: new Date(0).toISOString() };
  const packed = await packBatch(toPageBatch(record, { records: [one], cursor: null }, place));
  return packed.byteLength < largestBatch - 10_000;
};
