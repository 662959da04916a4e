import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCatalogue } from '../rules/testing/catalogue.ts';
import { type Served, serve } from '../rules/testing/serve.ts';
import { daysAgo, now, type Org } from '../rules/testing/world.ts';
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

const linked = ({ okta, github }: Org) => {
  okta.account('00u1', {
    ...{ displayName: 'Ada Keller', login: 'ada@acme.example', email: 'ada@acme.example' },
    firstSeenAt: daysAgo(40),
  });
  github.account('ada', { login: 'ada-k', externalIds: ['saml-nameid:ada@acme.example'], firstSeenAt: daysAgo(30) });
  github.account('stranger', { login: 'stranger', firstSeenAt: daysAgo(20) });
};

const open = async () => {
  const tenantId = await served.store(linked);
  await correlating(testCatalogue).run(served.server.database, tenantId, context);
  await change(tenantId, '00u1', daysAgo(3), 'changed', { department: { before: 'IT', after: 'Finance' } });
  await change(tenantId, 'stranger', daysAgo(2), 'gone', {});
  const client = await served.as('analyst', tenantId);
  const path = `/api/tenants/${tenantId}/identities`;
  return { tenantId, client, path };
};

const change = (tenantId: TenantId, id: string, at: Date, kind: string, fields: object) =>
  served.server.database.tenant(tenantId, (tx) =>
    sql`insert into changes (tenant_id, kind, connection_id, stream, id, at, change, fields)
      select tenant_id, 'accounts', connection_id, stream, id, ${at}, ${kind}, ${JSON.stringify(fields)}::jsonb
      from accounts where id = ${id}`.execute(tx),
  );

const identityOf = async (tenantId: TenantId, id: string): Promise<string> => {
  const { rows } = await served.server.database.tenant(tenantId, (tx) =>
    sql<{ identity: string }>`select identity_id::text as identity from accounts where id = ${id}`.execute(tx),
  );
  return rows[0]?.identity ?? '';
};

interface Told {
  readonly what: string;
  readonly at: string;
  readonly account?: { id: string };
  readonly change?: string;
  readonly kind?: string;
  readonly isUndoing?: boolean;
}
const inShort = ({ what, account, change: of, kind, isUndoing }: Told) =>
  [what, account?.id, of, kind, isUndoing].filter((one) => one !== undefined).join(' ');

test('the history of an identity tells of its own accounts: seen, joined and changed, newest first', async () => {
  const { tenantId, client, path } = await open();
  const { body } = await client.get(`${path}/${await identityOf(tenantId, 'ada')}/history`);
  const told = body.items.map(inShort);
  expect(told.slice(0, 2).toSorted()).toEqual(['joined 00u1', 'joined ada']);
  expect(told.slice(2)).toEqual(['account 00u1 changed', 'account ada first_seen', 'account 00u1 first_seen']);
  expect(body.items.map(({ at }: Told) => at)).toEqual(
    body.items
      .map(({ at }: Told) => at)
      .toSorted()
      .toReversed(),
  );
  expect(body.items.find((one: Told) => inShort(one) === 'joined ada')).toMatchObject({
    ...{ ruleTitle: 'Same SAML NameID', connectionName: 'Our github', other: { id: '00u1', label: 'Ada Keller' } },
    otherConnectionName: 'Our okta',
  });
  expect(body.items[2]).toMatchObject({ fields: { department: { before: 'IT', after: 'Finance' } } });
  expect(body.total).toEqual({ value: 5, exact: true });
});

test('decisions and their undoing are in it, with who decided and why', async () => {
  const { tenantId, client, path } = await open();
  const identityIds = [await identityOf(tenantId, 'ada'), await identityOf(tenantId, 'stranger')];
  const { decisionId } = (await client.post(`${path}/merge`, { identityIds, reason: 'Told me so' })).body;
  const merged = (await client.get(`${path}/${await identityOf(tenantId, 'ada')}/history`)).body.items;
  expect(merged.map(inShort)).toContain('account stranger gone');
  expect(merged.find(({ what }: Told) => what === 'decision')).toMatchObject({
    ...{ kind: 'merge', isUndoing: false, by: 'Ada Keller', reason: 'Told me so' },
    accounts: expect.arrayContaining([expect.objectContaining({ id: 'stranger', label: 'stranger' })]),
  });
  await client.post(`${path}/decisions/${decisionId}/undo`);
  const undone = (await client.get(`${path}/${await identityOf(tenantId, 'ada')}/history`)).body.items.map(inShort);
  expect(undone.filter((one: string) => one.startsWith('decision'))).toEqual([
    'decision merge true',
    'decision merge false',
  ]);
  expect(undone).not.toContain('account stranger gone');
});

test('the history is paged, each entry once, and that of another tenant is not there', async () => {
  const mine = await open();
  const theirs = await open();
  const identity = await identityOf(mine.tenantId, 'ada');
  const read: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await mine.client.get(`${mine.path}/${identity}/history?limit=2${after}`);
    read.push(...body.items.map(inShort));
    cursor = body.next;
  }
  expect([read.length, new Set(read).size]).toEqual([5, 5]);
  const foreign = await identityOf(theirs.tenantId, 'ada');
  expect((await mine.client.get(`${mine.path}/${foreign}/history`)).status).toBe(404);
});
