import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCatalogue } from '../rules/testing/catalogue.ts';
import { type Served, serve } from '../rules/testing/serve.ts';
import { now, type Org } from '../rules/testing/world.ts';
import { correlating } from './after-read.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served[Symbol.asyncDispose]());

const context = {
  signal: new AbortController().signal,
  clock: { now: () => now, sleep: async () => undefined },
  runId: null,
};
const read = (tenantId: TenantId) => correlating(testCatalogue).run(served.server.database, tenantId, context);

const open = async (fill: (org: Org) => void) => {
  const tenantId = await served.store(fill);
  await read(tenantId);
  const client = await served.as('analyst', tenantId);
  const identityOf = async (id: string): Promise<string> => {
    const { rows } = await served.server.database.tenant(tenantId, (tx) =>
      sql<{ identity: string }>`select identity_id::text as identity from accounts where id = ${id}`.execute(tx),
    );
    return rows[0]?.identity ?? '';
  };
  return { tenantId, client, path: `/api/tenants/${tenantId}/identities`, identityOf, read: () => read(tenantId) };
};

const linked = ({ okta, github }: Org) => {
  okta.account('00u1', {
    displayName: 'Ada Keller',
    login: 'ada@acme.example',
    email: 'ada@acme.example',
    department: 'IT',
    employeeId: '7',
  });
  github.account('ada', { login: 'ada-k', externalIds: ['saml-nameid:ada@acme.example'] });
};

test('an identity says why each account belongs to it', async () => {
  const { client, path, identityOf } = await open(linked);
  const { body } = await client.get(`${path}/${await identityOf('ada')}`);
  expect(body).toMatchObject({ name: 'Ada Keller', kind: 'human', email: 'ada@acme.example', department: 'IT' });
  expect(body.links.find(({ account }: { account: { id: string } }) => account.id === 'ada')).toMatchObject({
    rule: '5',
    ruleTitle: 'Same SAML NameID',
    confidence: 0.97,
    evidence: { left: 'ada@acme.example', right: 'ada@acme.example', other: { id: '00u1', label: 'Ada Keller' } },
    connectionName: 'Our github',
  });
});

test('a merge holds against the rules, over every read, until it is undone', async () => {
  const {
    client,
    path,
    identityOf,
    read: readAgain,
  } = await open(({ okta, github }) => {
    okta.account('00u1', { login: 'ada@acme.example' });
    github.account('x', { login: 'x' });
  });
  const identityIds = [await identityOf('00u1'), await identityOf('x')];
  const decision = (await client.post(`${path}/merge`, { identityIds, reason: 'Told me so' })).body;
  expect(decision).toMatchObject({ kind: 'merge', reason: 'Told me so', by: 'Ada Keller', undoneAt: null });
  expect(await identityOf('x')).toBe(await identityOf('00u1'));
  await readAgain();
  expect(await identityOf('x')).toBe(await identityOf('00u1'));
  const { links } = (await client.get(`${path}/${await identityOf('x')}`)).body;
  expect(links.map(({ rule, decidedBy }: { rule: string; decidedBy: string }) => [rule, decidedBy])).toEqual([
    ['manual', 'Ada Keller'],
    ['manual', 'Ada Keller'],
  ]);
  const undone = await client.post(`${path}/decisions/${decision.decisionId}/undo`);
  expect(undone.body).toMatchObject({ undoneBy: 'Ada Keller' });
  expect(await identityOf('x')).not.toBe(await identityOf('00u1'));
  expect((await client.post(`${path}/decisions/${decision.decisionId}/undo`)).status).toBe(409);
});

test('a split holds against the rules, over every read, until it is undone', async () => {
  const { client, path, identityOf, read: readAgain } = await open(linked);
  const before = await identityOf('00u1');
  const { account } = (await client.get(`${path}/${before}`)).body.links.find(
    ({ account }: { account: { id: string } }) => account.id === 'ada',
  );
  const accounts = [{ connection: account.connection, stream: account.stream, id: account.id }];
  const decision = (await client.post(`${path}/split`, { accounts })).body;
  await readAgain();
  expect(await identityOf('ada')).not.toBe(before);
  expect(await identityOf('00u1')).toBe(before);
  expect((await client.get(path.replace(/$/, '/decisions'))).body).toMatchObject({
    items: [{ kind: 'split', accounts: [{ id: 'ada' }], splitFrom: [{ id: '00u1' }] }],
    total: { value: 1 },
  });
  await client.post(`${path}/decisions/${decision.decisionId}/undo`);
  expect(await identityOf('ada')).toBe(before);
});

test('decisions of an identity are found among any number of others, page by page', async () => {
  const { tenantId, client, path, identityOf } = await open((org) => {
    linked(org);
    org.github.account('x', {});
  });
  const identityIds = [await identityOf('ada'), await identityOf('x')];
  const { decisionId } = (await client.post(`${path}/merge`, { identityIds, reason: 'Mine' })).body;
  await served.server.database.tenant(tenantId, async (tx) => {
    await sql`insert into decisions (tenant_id, decision_id, kind, decided_at, decided_by, reason)
      select ${tenantId}, ('ffffffff-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'merge', now(), 'Grace', ''
      from generate_series(1, 700) n`.execute(tx);
    await sql`insert into decision_accounts (tenant_id, decision_id, connection_id, stream, id, part, label)
      select tenant_id, decision_id, ${'0198c0de-0000-7000-8000-000000000000'}, 'users', decision_id::text, 0, 'other'
      from decisions where decided_by = 'Grace'`.execute(tx);
  });
  const identity = await identityOf('x');
  const { body } = await client.get(`${path}/decisions?identity=${identity}`);
  expect(body).toMatchObject({ items: [{ decisionId, reason: 'Mine' }], next: null, total: { value: 1, exact: true } });
  await client.post(`${path}/decisions/${decisionId}/undo`);
  const account = (await client.get(`${path}/${await identityOf('ada')}`)).body.links[0].account;
  await client.post(`${path}/split`, { accounts: [account] });
  const first = (await client.get(`${path}/decisions?identity=${await identityOf('00u1')}&limit=1`)).body;
  const second = (
    await client.get(`${path}/decisions?identity=${await identityOf('00u1')}&limit=1&cursor=${first.next}`)
  ).body;
  // The clock stands still here, so their order is open.
  expect([first.items[0].kind, second.items[0].kind].toSorted()).toEqual(['merge', 'split']);
  expect(second.next).toBeNull();
  const elsewhere = await client.get(`${path}/decisions?cursor=${first.next}`);
  expect(elsewhere.status).toBe(400);
});

test('all accounts of an identity cannot be split off, nor accounts of two identities', async () => {
  const { client, path, identityOf } = await open((org) => {
    linked(org);
    org.github.account('other', {});
  });
  const { links } = (await client.get(`${path}/${await identityOf('ada')}`)).body;
  const accounts = links.map(({ account: { connection, stream, id } }: { account: Record<string, string> }) => ({
    connection,
    stream,
    id,
  }));
  expect((await client.post(`${path}/split`, { accounts })).status).toBe(400);
  const strange = { ...accounts[0], id: 'nobody' };
  expect((await client.post(`${path}/split`, { accounts: [accounts[0], strange] })).status).toBe(404);
});

const namesakes = ({ okta, github }: Org) => {
  okta.account('00u1', { displayName: 'Ada Keller' });
  github.account('ada', { displayName: 'Ada Keller' });
};

test('an accepted suggestion merges', async () => {
  const { client, path, identityOf } = await open(namesakes);
  const { suggestions } = (await client.get(`${path}/${await identityOf('ada')}`)).body;
  expect(suggestions).toMatchObject([{ rule: 'name', account: { id: '00u1' }, why: 'Same full name.' }]);
  expect((await client.post(`${path}/suggestions/${suggestions[0].suggestionId}/accept`)).status).toBe(204);
  expect(await identityOf('ada')).toBe(await identityOf('00u1'));
});

test('a rejected suggestion is not made again', async () => {
  const { client, path, identityOf, read: readAgain } = await open(namesakes);
  const detail = async () => (await client.get(`${path}/${await identityOf('ada')}`)).body;
  const [suggestion] = (await detail()).suggestions;
  expect((await client.post(`${path}/suggestions/${suggestion.suggestionId}/reject`)).status).toBe(204);
  await readAgain();
  expect((await detail()).suggestions).toEqual([]);
});

test('a conflict is shown and merges nothing', async () => {
  const { client, path, identityOf } = await open(({ okta }) => {
    okta.account('00u1', { email: 'ada@acme.example', employeeId: '7' });
    okta.account('00u2', { email: 'ada@acme.example', employeeId: '8' });
  });
  const { conflicts } = (await client.get(`${path}/${await identityOf('00u2')}`)).body;
  expect(conflicts).toMatchObject([
    { account: { id: '00u1' }, why: expect.stringContaining('different employee numbers') },
  ]);
});

test('identities of another tenant are not there', async () => {
  const mine = await open(linked);
  const theirs = await open(linked);
  const identityIds = [await mine.identityOf('ada'), await theirs.identityOf('ada')];
  expect((await mine.client.get(`${mine.path}/${identityIds[1]}`)).status).toBe(404);
  expect((await mine.client.post(`${mine.path}/merge`, { identityIds })).status).toBe(404);
});
