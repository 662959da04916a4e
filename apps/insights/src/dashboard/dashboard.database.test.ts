import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InventoryQuery } from '../api/inventory.ts';
import { evaluating } from '../findings/index.ts';
import { correlating } from '../identities/index.ts';
import { listings } from '../inventory/kinds.ts';
import { listRows } from '../inventory/list-rows.ts';
import { parseQuery } from '../inventory/query.ts';
import { testCatalogue } from '../rules/testing/catalogue.ts';
import { type Served, serve } from '../rules/testing/serve.ts';
import { daysAgo, now } from '../rules/testing/world.ts';

let served: Served;
beforeAll(async () => {
  served = await serve();
});
afterAll(() => served[Symbol.asyncDispose]());

test('each tile has the number of the list that it leads to', async () => {
  const tenantId = await served.store(({ okta, github }) => {
    for (let n = 0; n < 12; n++) {
      okta.account(`u${n}`, {
        stream: 'users',
        status: n % 4 === 0 ? 'disabled' : 'enabled',
        lastLoginAt: daysAgo(n * 20),
        createdAt: daysAgo(400),
      });
      if (n % 2 === 0)
        okta.grant(`g${n}`, {
          principalId: `u${n}`,
          roleId: 'SUPER_ADMIN',
          privilege: 'highest',
          stream: 'role-assignments',
        });
    }
    okta.factor('f', { accountId: 'u2', status: 'active', strength: 'weak', stream: 'factors' });
    okta.account('gone', { goneAt: daysAgo(1) });
    github.account('1', { stream: 'members', mfa: 'none' });
    github.grant('owner', { principalId: '1', roleId: 'organization-role:owner', privilege: 'highest' });
  });
  const context = {
    signal: new AbortController().signal,
    clock: { now: () => now, sleep: async () => undefined },
    runId: null,
  };
  await correlating(testCatalogue).run(served.server.database, tenantId, context);
  await evaluating(testCatalogue).run(served.server.database, tenantId, context);
  const client = await served.as('reader', tenantId);
  const { body, status } = await client.get(`/api/tenants/${tenantId}/dashboard`);
  expect(status).toBe(200);

  for (const name of ['identities', 'accounts', 'dormant', 'privileged', 'privilegedWithoutStrongMfa'] as const) {
    const { value, href } = body[name];
    const url = new URL(href, 'http://localhost');
    const listing = listings.get(url.pathname.split('/').at(-1) ?? '');
    if (!listing) throw new Error(href);
    const asked = InventoryQuery.parse({ filter: url.searchParams.getAll('filter') });
    const list = await served.server.database.tenant(tenantId, (tx) =>
      listRows(tx, tenantId, parseQuery(listing, tenantId, asked, now), { limit: 500 }),
    );
    expect({ name, value }).toEqual({ name, value: list.rows.length });
    expect(value).toBeGreaterThan(0);
  }
  for (const name of ['openFindings'] as const) {
    const url = new URL(body[name].href, 'http://localhost');
    const found = await client.get(`/api${url.pathname}${url.search}`);
    expect(found.body.total.value).toBe(body[name].value);
  }
  const rules = (await client.get(`/api/tenants/${tenantId}/recommendations`)).body;
  expect(rules.filter(({ blind }: { blind: unknown[] }) => blind.length > 0)).toHaveLength(body.blindRules.value);
  expect(body.findingsOverTime).toMatchObject([{ day: '2026-03-01' }]);
  expect(body.topIdentities[0]).toMatchObject({ privilege: 'highest' });
  expect(body.connections).toHaveLength(2);
});

test('a tenant that has read nothing has a dashboard of zeros', async () => {
  const tenantId = await served.store(() => undefined);
  const client = await served.as('reader', tenantId);
  const { body } = await client.get(`/api/tenants/${tenantId}/dashboard`);
  expect(body).toMatchObject({ accounts: { value: 0 }, findingsOverTime: [], topIdentities: [], changes: [] });
});

test('days without an evaluation are as the day before', async () => {
  const tenantId = await served.store(() => undefined);
  await served.server.database.system((tx) =>
    sql`insert into finding_days values (${tenantId}, '2026-02-26', 1, 2, 3, 4), (${tenantId}, '2026-02-28', 0, 1, 0, 0)`.execute(
      tx,
    ),
  );
  const client = await served.as('reader', tenantId);
  const { body } = await client.get(`/api/tenants/${tenantId}/dashboard`);
  expect(body.findingsOverTime.map(({ day, high }: { day: string; high: number }) => [day, high])).toEqual([
    ['2026-02-26', 2],
    ['2026-02-27', 2],
    ['2026-02-28', 1],
    ['2026-03-01', 1],
  ]);
});

test('the newest changes say what changed, and lead to it', async () => {
  const tenantId = await served.store(({ okta }) => void okta.account('u1', { displayName: 'Ada Keller' }));
  await served.server.database.system(async (tx) => {
    await sql`insert into changes (tenant_id, kind, connection_id, stream, id, at, change, fields)
      select tenant_id, 'accounts', connection_id, stream, id, ${now}, 'changed', '{"status":{"before":"enabled","after":"locked"}}'
      from accounts where tenant_id = ${tenantId}`.execute(tx);
  });
  const client = await served.as('reader', tenantId);
  const { body } = await client.get(`/api/tenants/${tenantId}/dashboard`);
  expect(body.changes).toMatchObject([{ text: 'Ada Keller changed: status', href: expect.stringContaining('id=u1') }]);
});
