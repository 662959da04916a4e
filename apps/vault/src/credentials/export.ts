import type { Database, Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { csvColumns } from '../api/csv-columns.ts';
import { type Envelope, openSecrets } from '../keys/index.ts';
import { toCsvLine } from './csv.ts';
import { placeOf } from './model.ts';

interface Row {
  readonly id: string;
  readonly system: string;
  readonly instance: string;
  readonly namespace: string;
  readonly account: string;
  readonly comment: string;
  readonly tag: string;
  readonly secretId: string | null;
}

interface Batch {
  readonly rows: readonly Row[];
  /** Secrets by their ids. */
  readonly held: ReadonlyMap<string, Secret>;
}

const batch = 500;
const passwordAt = csvColumns.indexOf('Password');

/**
 * Every credential as CSV, by when they were added, in batches: memory stays flat. Without an envelope the column of the
 * passwords is empty.
 */
export async function* exportCredentials(
  database: Database,
  envelope: Envelope | null,
  setId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield toCsvLine(csvColumns);
  for (let after: string | null = null; ; ) {
    signal.throwIfAborted();
    const last: string | null = after;
    const { rows, held }: Batch = await database.system((tx) => readBatch(tx, envelope, setId, last));
    const lines = rows.map(({ system, instance, namespace, account, comment, tag, secretId }) => {
      const password = held.get(secretId ?? '')?.reveal() ?? '';
      // An import takes passwords as they stand, so here they stand as they are.
      return toCsvLine([system, instance, namespace, account, password, comment, tag], [passwordAt]);
    });
    if (lines.length > 0) yield lines.join('');
    if (rows.length < batch) return;
    after = rows.at(-1)?.id ?? null;
  }
}

const readBatch = async (
  tx: Sql,
  envelope: Envelope | null,
  setId: string | undefined,
  after: string | null,
): Promise<Batch> => {
  const { rows } = await sql<Row>`
    select c.credential_id as id, s.name as system, c.instance_name as instance, c.namespace,
      c.account_name as account, c.comment, c.asset_tag as tag, c.secret_id as "secretId"
    from credentials c join systems s using (system_id)
    where (${after}::uuid is null or c.credential_id > ${after}::uuid) and (${setId ?? null}::uuid is null
      or c.system_id in (select system_id from set_systems where set_id = ${setId ?? null}))
    order by c.credential_id limit ${batch}`.execute(tx);
  const of = rows.flatMap(({ id, secretId }) => (secretId ? [{ secretId, place: placeOf(id) }] : []));
  return { rows, held: envelope === null ? new Map() : await openSecrets(tx, envelope, of) };
};
