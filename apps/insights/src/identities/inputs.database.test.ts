import type { TestDatabase } from '@gatehouse/database/testing';
import { newId, systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCatalogue } from '../rules/testing/catalogue.ts';
import { newOrg, openWorld } from '../rules/testing/world.ts';
import { correlating } from './after-read.ts';
import { isCorrelated } from './inputs.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const open = async () => {
  const org = newOrg(() => []);
  org.okta.account('00u1', { email: 'ada@acme.example' });
  org.github.account('ada', { email: 'ada@acme.example' });
  await org.store(world.database);
  const tenant = <T>(query: ReturnType<typeof sql<T>>) =>
    world.database.tenant(org.tenantId, async (tx) => (await query.execute(tx)).rows);
  return {
    ...org,
    tenant,
    run: () =>
      correlating(testCatalogue).run(world.database, org.tenantId, {
        signal: new AbortController().signal,
        clock: systemClock,
        runId: null,
      }),
    isCorrelated: () => world.database.tenant(org.tenantId, isCorrelated),
    rows: async () => ({
      accounts: await tenant(sql`select id, xmin::text from accounts order by id`),
      identities: await tenant(sql`select identity_id, xmin::text from identities order by 1`),
      links: await tenant(sql`select id, xmin::text from identity_links order by 1`),
      inputs: await tenant(sql`select xmin::text from correlated_inputs`),
    }),
  };
};

test('steps after a read that brought nothing new rewrite no row', async () => {
  const org = await open();
  await org.run();
  const before = await org.rows();
  await org.run();
  expect(await org.rows()).toEqual(before);
});

test.each([
  ['an account', sql`update accounts set display_name = 'Ada L.' where id = 'ada'`],
  ['an account that is gone', sql`update accounts set gone_at = now() where id = 'ada'`],
  ['the identity of an account', sql`update accounts set identity_id = ${newId()} where id = 'ada'`],
  ['a connection that is deleted', sql`update connections set deleted_at = now() where connector = 'github'`],
  ['a setting of the tenant', sql`update tenants set owned_domains = '{elsewhere.example}'`],
])('accounts are correlated again after a change of %s', async (_, change) => {
  const org = await open();
  await org.run();
  expect(await org.isCorrelated()).toBe(true);
  await world.database.system(async (tx) => {
    await sql`select set_config('gatehouse.tenant', ${org.tenantId}, true), set_config('role', 'gatehouse_tenant', true)`.execute(
      tx,
    );
    await change.execute(tx);
  });
  expect(await org.isCorrelated()).toBe(false);
});

test('accounts are correlated again after a decision', async () => {
  const org = await open();
  await org.run();
  await org.tenant(sql`insert into decisions (tenant_id, decision_id, kind, decided_at, decided_by)
    values (${org.tenantId}, ${newId()}, 'split', now(), 'Ada')`);
  expect(await org.isCorrelated()).toBe(false);
});
