import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { newId, type TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { conditions } from './conditions.ts';
import { listings } from './kinds.ts';
import { refersTo } from './links.ts';
import { parseQuery } from './query.ts';

let made: TestDatabase;
const tenantId = newId<TenantId>();
beforeAll(async () => {
  made = await testDatabase({ migrations });
  // Enough rows that the planner tells the indexes apart.
  await made.database.bulk(async (bulk) => {
    await bulk.query(`insert into tenants (tenant_id, name) values ($1, 'Indexed')`, [tenantId]);
    const few = (...words: string[]) => `(array['${words.join("','")}'])[1 + (n * 7919 / 13) % ${words.length}]`;
    const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      accounts: {
        status: few('enabled', 'disabled'),
        type: few('user', 'service', 'bot'),
        department: few('Sales', 'Finance', 'Legal', 'Support', 'Research'),
        mfa_state: few('none', 'weak', 'strong', 'unknown', 'phishing_resistant', 'none', 'weak'),
        title: 'md5(n::text)',
        display_name: 'md5((n + 1)::text)',
      },
      memberships: { group_id: `'g' || n % 20`, member_id: `'u' || n % 21` },
      grants: { principal_id: `'u' || n % 20`, role_id: `'r' || n % 21`, resource_id: `'x' || n % 22` },
      credentials: { owner_id: `'u' || n % 20` },
      factors: { account_id: `'u' || n % 20` },
      events: { actor_id: `'u' || n % 20` },
    };
    for (const [kind, names] of Object.entries(columns)) {
      await bulk.query(
        `insert into ${kind} (tenant_id, connection_id, stream, id, seq, hash, raw, ${Object.keys(names).join()})
         select $1, $1, 'some', n, n, '\\x00', '{}', ${Object.values(names).join()} from generate_series(1, 2000) n`,
        [tenantId],
      );
      await bulk.query(`analyze ${kind}`);
    }
    // As the steps after reading leave the indexes.
    await bulk.query(
      `select gin_clean_pending_list(oid) from pg_class where relkind = 'i' and relname ~ '_(references|facets|parts)$'`,
    );
  });
});
afterAll(() => made.close());

/** How PostgreSQL finds the rows where it may not read the whole table. */
const planOf = (from: string, where: RawBuilder<boolean>): Promise<string> =>
  made.database.tenant(tenantId, async (tx) => {
    await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)`.execute(
      tx,
    );
    const { rows } = await sql<{ 'QUERY PLAN': string }>`
      explain select from ${sql.table(from)} r where ${where}`.execute(tx);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  });

test.each([
  ['accounts_facets', ['status:eq:disabled', 'type:in:service|user']],
  ['accounts_facets', ['department:eq:Sales', 'mfaState:eq:none']],
  ['accounts_parts', ['displayName:contains:love']],
  ['accounts_parts', ['title:contains:engineer']],
])('the index %s serves the filters %s', async (index, filter) => {
  const listing = listings.get('accounts');
  if (!listing) throw new Error('There is no list of accounts.');
  const where = conditions(tenantId, parseQuery(listing, tenantId, { filter }, new Date()), {
    how: 'fetch',
    indexed: [],
  });
  const plan = await planOf('listed_accounts', sql`${where} and r.mfa_state is not null`);
  expect(plan).toContain(`Bitmap Index Scan on ${index}`);
});

test.each([
  ['memberships_references', 'memberships', 'group_id'],
  ['memberships_references', 'memberships', 'member_id'],
  ['grants_references', 'grants', 'principal_id'],
  ['grants_references', 'grants', 'role_id'],
  ['grants_references', 'grants', 'resource_id'],
  ['credentials_of_owner_id', 'credentials', 'owner_id'],
  ['factors_of_account_id', 'factors', 'account_id'],
  ['events_of_actor_id', 'events', 'actor_id'],
] as const)('the index %s finds the %s of a record by %s', async (index, kind, column) => {
  expect(await planOf(`listed_${kind}`, refersTo(kind, 'r', column, 'x'))).toContain(`Bitmap Index Scan on ${index}`);
});
