import { recordKinds } from '@gatehouse/connector-kit';
import { checkCatalogue } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { inventoryMigrations } from './migrations.ts';
import { recordColumns } from './record-columns.ts';

const stored = {
  text: 'text',
  time: 'timestamp with time zone',
  flag: 'boolean',
  number: 'double precision',
  list: 'text[]',
  json: 'jsonb',
};
/** What every record table has besides the columns of its kind. */
const ours = [
  'tenant_id',
  'connection_id',
  'stream',
  'id',
  'seq',
  'hash',
  'raw',
  'first_seen_at',
  'changed_at',
  'gone_at',
];
const derived = [
  'identity_id',
  'mfa_state',
  'direct_privilege',
  'effective_privilege',
  'true_privilege',
  'last_active_at',
];

test.each(recordKinds)('the table %s has exactly the columns of its record, with their types', async (kind) => {
  await using made = await testDatabase({ migrations: inventoryMigrations });
  const { rows } = await sql<{ name: string; type: string; required: boolean }>`
    select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required from pg_attribute
    where attrelid = ${kind}::regclass and attnum > 0 and not attisdropped`.execute(made.database.owner);
  const columns = rows.filter(({ name }) => !ours.includes(name) && !(kind === 'accounts' && derived.includes(name)));
  expect(columns).toEqual(
    recordColumns(kind).map(({ field, type }) => ({ name: field, type: stored[type], required: type === 'list' })),
  );
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(ours));
});

test('every table of a tenant begins its keys with the tenant and is fenced', async () => {
  await using made = await testDatabase({ migrations: inventoryMigrations });
  expect(await checkCatalogue(made.database.owner)).toEqual([]);
});

test('a tenant can neither see nor touch a row of another in any table', async () => {
  await using made = await testDatabase({ migrations: inventoryMigrations });
  const { database } = made;
  const [a, b] = [newId<TenantId>(), newId<TenantId>()];
  await database.system((tx) => sql`insert into tenants (tenant_id, name) values (${a}, 'A'), (${b}, 'B')`.execute(tx));
  const fill = (tenant: TenantId) => [
    ...recordKinds.map(
      (kind) => sql`insert into ${sql.table(kind)} (tenant_id, connection_id, stream, id, hash, raw)
        values (${tenant}, ${tenant}, 's', 'x', '', '{}')`,
    ),
    sql`insert into changes (tenant_id, kind, connection_id, stream, id, change) values (${tenant}, 'accounts', ${tenant}, 's', 'x', 'added')`,
    sql`insert into stream_states (tenant_id, connection_id, stream) values (${tenant}, ${tenant}, 's')`,
    sql`insert into seen_pages (tenant_id, connection_id, stream, page, ranges) values (${tenant}, ${tenant}, 's', 1, '')`,
  ];
  for (const statement of fill(b)) await database.tenant(b, (tx) => statement.execute(tx));
  for (const statement of fill(b)) {
    await expect(database.tenant(a, (tx) => statement.execute(tx))).rejects.toThrow(/row-level security/);
  }
  for (const table of [...recordKinds, 'changes', 'stream_states', 'seen_pages', 'tenants']) {
    const name = sql.table(table);
    const outcome = await database.tenant(a, async (tx) => ({
      seen: (await sql`select * from ${name} where tenant_id = ${b}`.execute(tx)).rows.length,
      changed: (await sql`update ${name} set tenant_id = tenant_id where tenant_id = ${b}`.execute(tx)).numAffectedRows,
      deleted: (await sql`delete from ${name} where tenant_id = ${b}`.execute(tx)).numAffectedRows,
    }));
    expect({ table, ...outcome }).toEqual({ table, seen: 0, changed: 0n, deleted: 0n });
  }
});
