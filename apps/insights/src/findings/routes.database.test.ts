import type { TenantId } from '@gatehouse/kernel';
import type { TestClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testCatalogue } from '../rules/testing/catalogue.ts';
import { type Served, serve } from '../rules/testing/serve.ts';
import { now, type Org } from '../rules/testing/world.ts';
import { evaluating } from './after-read.ts';

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

/** Three owners without a second factor, found. */
const open = async (role: 'reader' | 'analyst' = 'analyst', more: (org: Org) => void = () => undefined) => {
  const tenantId = await served.store((org) => {
    for (const id of ['1', '2', '3']) {
      org.github.account(id, {
        stream: 'members',
        login: id === '3' ? '=cmd' : `owner-${id}`,
        mfa: 'none',
        truePrivilege: 4,
        mfaState: 'none',
      });
      org.github.grant(`g${id}`, { principalId: id, roleId: 'organization-role:owner', privilege: 'highest' });
    }
    more(org);
  });
  await evaluating(testCatalogue).run(served.server.database, tenantId, context);
  const client = await served.as(role, tenantId);
  return { tenantId, client, path: `/api/tenants/${tenantId}` };
};
const list = async (client: TestClient, path: string, query = '') =>
  (await client.get(`${path}/findings?rule=owner-without-2fa${query}`)).body;

test('findings come a page at a time, each once', async () => {
  const { client, path } = await open();
  const first = await list(client, path, '&limit=2');
  const second = await list(client, path, `&limit=2&cursor=${first.next}`);
  expect(first.items).toHaveLength(2);
  expect(second.items).toHaveLength(1);
  expect(second.next).toBeNull();
  expect(first.total).toEqual({ value: 3, exact: true });
  expect(new Set([...first.items, ...second.items].map(({ findingId }) => findingId)).size).toBe(3);
  expect(first.items[0]).toMatchObject({
    severity: 'critical',
    status: 'new',
    sensitivity: 'highest',
    connectionName: 'Our github',
  });
});

test('a cursor of another list is refused, and so is an unknown word in a filter', async () => {
  const { client, path } = await open();
  const { next } = await list(client, path, '&limit=2');
  expect((await client.get(`${path}/findings?cursor=${next}`)).status).toBe(400);
  expect((await client.get(`${path}/findings?status=broken`)).body.errors[0].field).toBe('status');
});

test('filters hold together, and search finds subjects and rules', async () => {
  const { client, path } = await open();
  expect((await list(client, path, '&status=resolved,accepted')).items).toEqual([]);
  expect((await list(client, path, '&severity=critical,low&search=owner-1')).items).toHaveLength(1);
  expect((await client.get(`${path}/findings?search=organization%20owner`)).body.items).toHaveLength(3);
  const [{ subject }] = (await list(client, path)).items;
  const others = [crypto.randomUUID(), crypto.randomUUID()];
  expect((await list(client, path, `&connection=${others[0]},${subject.connection}`)).items).toHaveLength(3);
  expect((await list(client, path, `&connection=${others}`)).items).toEqual([]);
  expect((await client.get(`${path}/findings?connection=${others[0]},x`)).body.errors[0].field).toBe('connection');
});

test('accepting needs owner, reason and an end, and writes history and audit with it', async () => {
  const { client, path, tenantId } = await open();
  const [{ findingId }] = (await list(client, path)).items;
  const accept = {
    status: 'accepted',
    findingIds: [findingId],
    owner: 'CISO',
    reason: 'Leaves in May',
    expiresAt: '2026-05-01T00:00:00Z',
  };
  expect((await client.ask('PATCH', `${path}/findings`, { body: { ...accept, reason: ' ' } })).status).toBe(400);
  expect(
    (await client.ask('PATCH', `${path}/findings`, { body: { ...accept, expiresAt: '2026-02-01T00:00:00Z' } })).body
      .errors[0].field,
  ).toBe('expiresAt');
  expect((await client.ask('PATCH', `${path}/findings`, { body: accept })).status).toBe(200);
  const detail = (await client.get(`${path}/findings/${findingId}`)).body;
  expect(detail).toMatchObject({ status: 'accepted', owner: 'CISO', acceptedReason: 'Leaves in May' });
  expect(detail.history.at(-1)).toMatchObject({
    by: 'Ada Keller',
    text: 'Accepted until 2026-05-01. Owner: CISO. Reason: Leaves in May',
  });
  const audit = await served.server.database.tenant(tenantId, (tx) =>
    sql`select action from audit where tenant_id = ${tenantId}`.execute(tx),
  );
  expect(audit.rows).toEqual([{ action: 'finding.change' }]);
});

test('many change at once, or none', async () => {
  const { client, path } = await open();
  const findingIds = (await list(client, path)).items.map(({ findingId }: { findingId: string }) => findingId);
  const change = { status: 'in_progress', findingIds, comment: 'We are on it.' };
  const wrong = { ...change, findingIds: [...findingIds, crypto.randomUUID()] };
  expect((await client.ask('PATCH', `${path}/findings`, { body: wrong })).status).toBe(404);
  expect((await list(client, path, '&status=in_progress')).items).toEqual([]);
  expect((await client.ask('PATCH', `${path}/findings`, { body: change })).body).toEqual({ changed: 3 });
  expect((await list(client, path, '&status=in_progress')).items).toHaveLength(3);
});

test('a resolved finding is changed by nobody', async () => {
  const { client, path, tenantId } = await open();
  const [{ findingId }] = (await list(client, path)).items;
  await served.server.database.system((tx) =>
    sql`update findings set status = 'resolved', resolved_at = now() where tenant_id = ${tenantId}`.execute(tx),
  );
  expect(
    (await client.ask('PATCH', `${path}/findings`, { body: { status: 'new', findingIds: [findingId] } })).status,
  ).toBe(409);
});

test('a reader sees and changes nothing', async () => {
  const { client, path } = await open('reader');
  const [{ findingId }] = (await list(client, path)).items;
  expect(
    (await client.ask('PATCH', `${path}/findings`, { body: { status: 'new', findingIds: [findingId] } })).status,
  ).toBe(403);
});

test('another tenant’s findings are not there', async () => {
  const mine = await open();
  const theirs = await open();
  const [{ findingId }] = (await list(theirs.client, theirs.path)).items;
  expect((await mine.client.get(`${theirs.path}/findings`)).status).toBe(404);
  expect((await mine.client.get(`${mine.path}/findings/${findingId}`)).status).toBe(404);
  expect(
    (await mine.client.ask('PATCH', `${mine.path}/findings`, { body: { status: 'new', findingIds: [findingId] } }))
      .status,
  ).toBe(404);
});

test('the export has every row, and no cell is a formula', async () => {
  const { client, path } = await open();
  const answer = await client.get(`${path}/findings/export.csv?rule=owner-without-2fa`);
  expect(answer.headers.get('content-type')).toContain('text/csv');
  expect(answer.text.trim().split('\r\n')).toHaveLength(4);
  expect(answer.text).toContain(",'=cmd,");
});

test('every rule is listed with what it found', async () => {
  const { client, path } = await open();
  const rules = (await client.get(`${path}/recommendations`)).body;
  expect(rules.length).toBeGreaterThanOrEqual(30);
  expect(rules.find(({ ruleId }: { ruleId: string }) => ruleId === 'owner-without-2fa')).toMatchObject({
    state: 'found',
    open: 3,
    worst: 'critical',
    mitre: [{ id: 'T1078.004', url: 'https://attack.mitre.org/techniques/T1078/004/' }],
  });
  expect(rules.find(({ ruleId }: { ruleId: string }) => ruleId === 'idp-jit')).toMatchObject({ state: 'blind' });
});

test('webhooks are told what opened, in the same transaction', async () => {
  const tenantId = await served.store((org) => {
    org.github.account('1', { stream: 'members', mfa: 'none' });
    org.github.grant('g', { principalId: '1', roleId: 'organization-role:owner', privilege: 'highest' });
  });
  await served.server.database.system((tx) =>
    sql`insert into webhooks (tenant_id, webhook_id, name, url, events, minimum_severity, enabled, secret, created_at)
      values (${tenantId}, ${crypto.randomUUID()}, 'Hook', 'https://hook.example', array['finding.opened'], 'critical', true, '{}', now())`.execute(
      tx,
    ),
  );
  await evaluating(testCatalogue).run(served.server.database, tenantId as TenantId, context);
  const { rows } = await served.server.database.system((tx) =>
    sql<{ payload: { ruleId: string } }>`select payload from deliveries where tenant_id = ${tenantId}`.execute(tx),
  );
  expect(rows.map(({ payload }) => payload.ruleId)).toEqual(['owner-without-2fa']);
});
