import type { TestDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newOrg, now, type Org, openWorld } from '../rules/testing/world.ts';
import { correlate } from './correlate.ts';

let world: TestDatabase;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const signal = new AbortController().signal;

/** Stores the organisation and correlates it; answers the accounts of each identity, joined, in order. */
const open = async (fill: (org: Org) => void) => {
  const org = newOrg(() => []);
  fill(org);
  await org.store(world.database);
  const tenant = <T>(query: ReturnType<typeof sql<T>>) =>
    world.database.tenant(org.tenantId, async (tx) => (await query.execute(tx)).rows);
  return {
    ...org,
    tenant,
    run: () => world.database.tenant(org.tenantId, (tx) => correlate(tx, { tenantId: org.tenantId, now, signal })),
    identities: async () => {
      const rows = await tenant(sql<{ ids: string[]; identity: string }>`
        select array_agg(id order by id) as ids, identity_id::text as identity from accounts where gone_at is null
        group by identity_id order by 1`);
      return rows.map(({ ids }) => ids.join('+'));
    },
    identityOf: async (id: string) =>
      (await tenant(sql<{ identity: string }>`select identity_id::text as identity from accounts where id = ${id}`))[0]
        ?.identity,
  };
};

test('the identifier that the provider gave links, and says both values', async () => {
  const org = await open(({ okta, github }) => {
    okta.account('00u1', { login: 'ada@elsewhere.example' });
    github.account('ada', { externalIds: ['scim:00u1'] });
  });
  await org.run();
  expect(await org.identities()).toEqual(['00u1+ada']);
  expect(
    await org.tenant(
      sql`select id, rule, confidence, own_value, other_value, other_id from identity_links order by id`,
    ),
  ).toEqual([
    { id: '00u1', rule: '4', confidence: 0.99, own_value: '00u1', other_value: 'scim:00u1', other_id: 'ada' },
    { id: 'ada', rule: '4', confidence: 0.99, own_value: 'scim:00u1', other_value: '00u1', other_id: '00u1' },
  ]);
});

test('the id that the provider was told by the system it provisions links', async () => {
  const org = await open(({ okta, github }) => {
    okta.account('00u1');
    okta.grant('a1', { stream: 'app-assignments', principalId: '00u1', raw: { externalId: 'guid-7' } });
    github.account('ada', { externalIds: ['scim-id:guid-7'] });
  });
  await org.run();
  expect(await org.identities()).toEqual(['00u1+ada']);
});

test('a second run of the same accounts writes nothing', async () => {
  const org = await open(({ okta, github }) => {
    okta.account('00u1', { email: 'ada@acme.example' });
    github.account('ada', { email: 'Ada@Acme.example' });
  });
  expect((await org.run()).changed).toBe(2);
  const before = await org.tenant(sql`select *, xmin::text from identity_links`);
  expect((await org.run()).changed).toBe(0);
  expect(await org.tenant(sql`select *, xmin::text from identity_links`)).toEqual(before);
});

test('e-mail of a domain that the tenant does not own links nobody', async () => {
  const org = await open(({ okta, github }) => {
    okta.account('00u1', { email: 'ada@gmail.example' });
    github.account('ada', { email: 'ada@gmail.example' });
  });
  await org.run();
  expect(await org.identities()).toEqual(['00u1', 'ada']);
});

test('a display name never links: it is suggested', async () => {
  const org = await open(({ okta, github }) => {
    okta.account('00u1', { displayName: 'Ada Lovelace' });
    github.account('ada', { displayName: 'Áda  Lovelace' });
  });
  await org.run();
  expect(await org.identities()).toEqual(['00u1', 'ada']);
  expect(await org.tenant(sql`select rule, state from suggestions`)).toEqual([{ rule: 'name', state: 'open' }]);
});

test('a link against two employee numbers is a conflict and merges nobody', async () => {
  const org = await open(({ okta }) => {
    okta.account('00u1', { email: 'ada@acme.example', employeeId: '7' });
    okta.account('00u2', { email: 'ada@acme.example', employeeId: '8' });
  });
  await org.run();
  expect(await org.identities()).toEqual(['00u1', '00u2']);
  expect(await org.tenant(sql`select id, other_id, rule from identity_conflicts`)).toEqual([
    { id: '00u1', other_id: '00u2', rule: '8' },
  ]);
});

test('an identity keeps its id when accounts come and go', async () => {
  const org = await open(({ okta, github, connect }) => {
    okta.account('00u1', { email: 'ada@acme.example' });
    github.account('ada', { email: 'ada@acme.example' });
    connect('github').account('ada2', { email: 'ada@acme.example' });
  });
  await org.run();
  const identity = await org.identityOf('ada');
  await world.database.system((tx) =>
    sql`update accounts set gone_at = now() where tenant_id = ${org.tenantId} and id = '00u1'`.execute(tx),
  );
  await org.run();
  expect(await org.identityOf('ada')).toBe(identity);
  await world.database.system((tx) =>
    sql`update accounts set gone_at = null where tenant_id = ${org.tenantId} and id = '00u1'`.execute(tx),
  );
  await org.run();
  expect(await org.identityOf('00u1')).toBe(identity);
});

test('the id stays with most of the accounts when an identity falls apart', async () => {
  const org = await open(({ okta, github, connect }) => {
    okta.account('00u1', { email: 'ada@acme.example' });
    github.account('ada', { email: 'ada@acme.example' });
    connect('github').account('ada2', { email: 'ada@acme.example' });
  });
  await org.run();
  const identity = await org.identityOf('ada');
  await world.database.system((tx) =>
    sql`update accounts set email = 'bob@acme.example' where tenant_id = ${org.tenantId} and id = '00u1'`.execute(tx),
  );
  await org.run();
  expect(await org.identityOf('ada')).toBe(identity);
  expect(await org.identityOf('ada2')).toBe(identity);
  expect(await org.identityOf('00u1')).not.toBe(identity);
});
