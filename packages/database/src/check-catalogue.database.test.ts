import { expect, test } from 'vitest';
import { checkCatalogue } from './check-catalogue.ts';
import { testDatabase } from './testing/index.ts';

const fence = (table: string) => `alter table ${table} enable row level security;
  create policy ${table}_fence on ${table} using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);`;

test('a table that keeps the rules is found in order', async () => {
  await using made = await testDatabase({
    migrations: [
      {
        name: '0001-good',
        sql: `create table good (tenant_id uuid, id int, name text, primary key (tenant_id, id), unique (tenant_id, name)); ${fence('good')}
          create table child (tenant_id uuid, id int, primary key (tenant_id, id), foreign key (tenant_id, id) references good); ${fence('child')}
          create table nobodys (id int primary key)`,
      },
    ],
  });
  expect(await checkCatalogue(made.database.owner)).toEqual([]);
});

test('each rule that a table breaks is named', async () => {
  await using made = await testDatabase({
    migrations: [
      {
        name: '0001-bad',
        sql: `create table keyless (tenant_id uuid); ${fence('keyless')}
          create table behind (id int, tenant_id uuid, other int unique, primary key (id, tenant_id)); ${fence('behind')}
          create table alone (tenant_id uuid, id int references behind (other), primary key (tenant_id, id)); ${fence('alone')}
          create table unfenced (tenant_id uuid primary key);
          create table open (tenant_id uuid primary key); alter table open enable row level security; create policy everybody on open using (true)`,
      },
    ],
  });
  expect(await checkCatalogue(made.database.owner)).toEqual([
    'alone: the foreign key alone_id_fkey does not begin with tenant_id',
    'alone: the foreign key alone_id_fkey refers to behind without its tenant',
    'behind: the key behind_other_key does not begin with tenant_id',
    'behind: the key behind_pkey does not begin with tenant_id',
    'keyless allows rows without a tenant',
    'keyless has no primary key',
    'open has no policy on the tenant of the transaction',
    'open: the policy everybody does not look at the tenant',
    'unfenced has no policy on the tenant of the transaction',
    'unfenced has no row-level security',
  ]);
});
