import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';

/** The rows of a query in batches, so that a million of them are never in memory at once. Ends with the transaction. */
export async function* readInBatches<Row>(
  tx: Sql,
  query: RawBuilder<Row>,
  { size, signal }: { readonly size: number; readonly signal: AbortSignal },
): AsyncGenerator<readonly Row[]> {
  const name = sql.id(`batches_${++opened}`);
  await sql`declare ${name} no scroll cursor for ${query}`.execute(tx);
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await sql<Row>`fetch forward ${sql.raw(String(size))} from ${name}`.execute(tx);
    if (rows.length > 0) yield rows;
    if (rows.length < size) break;
  }
  await sql`close ${name}`.execute(tx);
}

let opened = 0;
