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

test('identifiers of a directory link what was synchronised from it, before any address', async () => {
  const org = await open(({ okta, connect, github }) => {
    const directory = connect('insights-collector');
    const sid = (rid: number) => `S-1-5-21-1-2-3-${rid}`;
    const account = (id: string, ...more: string[]) => directory.account(id, { externalIds: [`sid:${id}`, ...more] });
    account(sid(1101));
    account(sid(1102), 'immutable-id:q333YUtvN0aggp2R6mTh7w==');
    account(sid(1103), 'ad:acme.example\\grace', 'ad:acme\\grace');
    account(sid(1104), 'upn:alan@acme.example');
    okta.account('okta-sid', { externalIds: [`sid:${sid(1101).toLowerCase()}`], email: 'alan@acme.example' });
    okta.account('okta-anchor', { externalIds: ['immutable-id:q333YUtvN0aggp2R6mTh7w=='] });
    okta.account('okta-other-anchor', { externalIds: ['immutable-id:Q333YUtvN0aggp2R6mTh7w=='] });
    okta.account('okta-import', { externalIds: ['ad:acme.example\\grace'] });
    github.account('octo-alan', { login: 'alan@acme.example' });
  });
  await org.run();
  expect(await org.identities()).toEqual([
    'S-1-5-21-1-2-3-1101+S-1-5-21-1-2-3-1104+octo-alan+okta-sid',
    'S-1-5-21-1-2-3-1102+okta-anchor',
    'S-1-5-21-1-2-3-1103+okta-import',
    'okta-other-anchor',
  ]);
  const told = await org.tenant(sql`select id, rule from identity_links where id like 'okta%' order by id, rule`);
  expect(told).toContainEqual({ id: 'okta-sid', rule: '1' });
  expect(told).toContainEqual({ id: 'okta-anchor', rule: '2' });
  expect(told).toContainEqual({ id: 'okta-import', rule: '6' });
});

test('accounts that a vault keeps of a directory link to it, also where one collector reads both', async () => {
  const org = await open(({ connect }) => {
    const collector = connect('insights-collector');
    collector.account('S-1-5-21-1-2-3-1101', { externalIds: ['sid:S-1-5-21-1-2-3-1101', 'ad:corp\\ada-adm'] });
    collector.account('S-1-5-21-1-2-3-1102', { externalIds: ['sid:S-1-5-21-1-2-3-1102', 'ad:corp\\svc-sql'] });
    collector.account('user:2', { stream: 'password-safe-users', externalIds: ['sid:S-1-5-21-1-2-3-1101'] });
    collector.account('managed-account:103', {
      ...{ stream: 'password-safe-managed-accounts', type: null },
      externalIds: ['sid:S-1-5-21-1-2-3-1101'],
    });
    collector.account('managed-account:104', {
      ...{ stream: 'password-safe-managed-accounts', type: null },
      externalIds: ['ad:corp\\svc-sql'],
    });
    collector.account('managed-account:101', {
      stream: 'password-safe-managed-accounts',
      type: null,
      login: 'srv-1\\root',
    });
  });
  await org.run();
  expect(await org.identities()).toEqual([
    'S-1-5-21-1-2-3-1101+managed-account:103+user:2',
    'S-1-5-21-1-2-3-1102+managed-account:104',
    'managed-account:101',
  ]);
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
