import type { RecordKind } from '@gatehouse/connector-kit';
import type { Bulk } from '@gatehouse/database';

/** The sequence of each record table advances by this, and whoever takes a value owns as many numbers from it on. */
const blockLength = 8192;

/** Numbers for new records, taken in blocks so that a page costs no question of its own. Gaps mean nothing. */
export const seqBlocks = (kind: RecordKind) => {
  let next = 0;
  let end = 0;
  let later: number[] = [];
  return {
    /** Makes sure that `count` calls of `take` succeed. */
    reserve: async (bulk: Bulk, count: number): Promise<void> => {
      const missing = count - (end - next) - later.length * blockLength;
      if (missing <= 0) return;
      const { rows } = await bulk.query<{ first: number }>(
        `select nextval('${kind}_seq_seq')::bigint as first from generate_series(1, $1::int)`,
        [Math.ceil(missing / blockLength)],
      );
      later = [...later, ...rows.map(({ first }) => first)];
    },
    take: (): number => {
      if (next === end) {
        next = later.shift() ?? 0;
        if (next === 0) throw new Error('No numbers were reserved.');
        end = next + blockLength;
      }
      return next++;
    },
  };
};
