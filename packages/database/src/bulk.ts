import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Bulk } from './database.ts';
import { toDatabaseError } from './pg-fault.ts';

/** Milliseconds one statement of the bulk writer may take. */
const statementTimeoutMs = 15 * 60_000;

/** Runs `work` in one transaction on a connection of its own. */
export const openBulk = async <T>(pool: pg.Pool, work: (bulk: Bulk) => Promise<T>): Promise<T> => {
  const client = await pool.connect().catch((error: unknown) => {
    throw toDatabaseError(error);
  });
  const guard = async <R>(act: () => Promise<R>): Promise<R> => {
    try {
      return await act();
    } catch (error) {
      throw toDatabaseError(error);
    }
  };
  let failed = true;
  try {
    await guard(() => client.query(`begin; set local statement_timeout = ${statementTimeoutMs}`));
    const result = await work({
      query: (statement, values) =>
        guard(async () => {
          const answer = await client.query(statement, values ? [...values] : []);
          return { rows: answer.rows, count: answer.rowCount ?? 0 };
        }),
      copyIn: (statement, chunks) =>
        guard(async () => {
          const copy = client.query(copyFrom(statement));
          await pipeline(Readable.from(chunks, { objectMode: false }), copy);
          return copy.rowCount;
        }),
      async *copyOut(statement) {
        try {
          yield* client.query(copyTo(statement));
        } catch (error) {
          throw toDatabaseError(error);
        }
      },
    });
    await guard(() => client.query('commit'));
    failed = false;
    return result;
  } finally {
    // A connection in the middle of a COPY cannot be used again, and ending it rolls everything back.
    client.release(failed);
  }
};
