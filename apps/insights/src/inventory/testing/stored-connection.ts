import { type Account, type Connector, type Counts, empty } from '@gatehouse/connector-kit';
import type { Database, Sql } from '@gatehouse/database';
import type { Page } from '@gatehouse/host';
import { type ConnectionId, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { openRunStore } from '../store-run.ts';

const streams = {
  users: { reading: { mode: 'full' } },
  changes: { reading: { mode: 'delta', fullEveryMs: 1 } },
  log: { reading: { mode: 'events' } },
} as unknown as Connector['streams'];

/** A connection of a tenant of its own. */
export const connectTo = async (database: Database) => {
  const run = { tenantId: newId<TenantId>(), connectionId: newId<ConnectionId>(), connector: { streams } };
  await database.system((tx) => sql`insert into tenants (tenant_id, name) values (${run.tenantId}, 'T')`.execute(tx));
  const query = async <Row>(statement: (tenant: string) => ReturnType<typeof sql<Row>>): Promise<readonly Row[]> =>
    (await database.tenant(run.tenantId, (tx: Sql) => statement(run.tenantId).execute(tx))).rows;
  return {
    run,
    open: () => openRunStore(database, run),
    query,
    accounts: () =>
      query(
        () =>
          sql<Inventory>`select stream, id, display_name as name, gone_at is not null as gone from accounts order by stream, id`,
      ),
    changes: () => query(() => sql<Change>`select id, change, fields from changes order by change_id`),
  };
};
interface Inventory {
  stream: string;
  id: string;
  name: string | null;
  gone: boolean;
}
interface Change {
  id: string;
  change: string;
  fields: unknown;
}

export const account = (id: string, more: Partial<Account> = {}): Account => ({
  ...empty('accounts'),
  id,
  raw: { id },
  displayName: `Name of ${id}`,
  ...more,
});
export const pageOf = (ids: readonly string[], cursor: string | null, more: Partial<Account> = {}): Page<Account> => ({
  records: ids.map((id) => account(id, more)),
  cursor,
});
export const pages = [pageOf(['a', 'b'], '1'), pageOf(['c', 'd'], '2'), pageOf(['e'], null)];

/** What a runner does: goes on where the last run stopped. `stopBefore` ends it at that page, as a kill would. */
export const read = async (
  connection: Awaited<ReturnType<typeof connectTo>>,
  list: readonly Page<Account>[],
  stopBefore = Number.POSITIVE_INFINITY,
): Promise<Counts[]> => {
  const store = connection.open();
  const position = await store.position('users');
  if (!position.midway) await store.begin('users');
  const counts: Counts[] = [];
  for (let at = Number(position.midway ? (position.cursor ?? 0) : 0); at < list.length; at++) {
    if (at === stopBefore) return counts;
    counts.push(await store.save('users', 'accounts', [list[at] ?? pageOf([], null)]));
  }
  counts.push(await store.finish('users', 'accounts', null));
  return counts;
};
export const total = (counts: readonly Counts[]) =>
  counts.reduce((sum, one) => ({
    inserted: sum.inserted + one.inserted,
    changed: sum.changed + one.changed,
    unchanged: sum.unchanged + one.unchanged,
    gone: sum.gone + one.gone,
  }));
