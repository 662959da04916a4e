import { packBatch } from '@gatehouse/connector-kit/ingest';
import { checkCatalogue } from '@gatehouse/database';
import { newId, type TenantId } from '@gatehouse/kernel';
import type { Answer, TestClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { acmeOf } from './acme.ts';
import { collecting, domain, endOf, type FakeCollector, pageOf, startCollector } from './collector.ts';
import { connect, eventually, runAcme, runOver, type TestInsights, testInsights } from './test-insights.ts';

/** In every name of tenant B, so that any answer that leaks one is caught. */
const marker = 'BelongsToTheOther';

interface Ids {
  readonly [name: string]: string;
}

interface Case {
  readonly query?: (ids: Ids) => string;
  readonly body?: (ids: Ids) => object;
  /** Other ids for the path than those of their names. */
  readonly path?: (ids: Ids) => Ids;
}

/** The connection that a collector reads. */
const ofCollector = { path: ({ collectorId = '' }: Ids): Ids => ({ connectionId: collectorId }) };

/** How each route is asked: its query and body, made of ids of one tenant. A route that is not here fails the test. */
const cases: Readonly<Record<string, Case>> = {
  'get /api/tenants/{tenantId}/settings': {},
  'patch /api/tenants/{tenantId}/settings': { body: () => ({ dormantDays: 61 }) },
  'delete /api/tenants/{tenantId}': {},
  'get /api/tenants/{tenantId}/people': {},
  'post /api/tenants/{tenantId}/people': { body: () => ({ email: 'somebody@example.com', role: 'reader' }) },
  'put /api/tenants/{tenantId}/people/{personId}': { body: () => ({ role: 'reader' }) },
  'delete /api/tenants/{tenantId}/people/{personId}': {},
  'get /api/tenants/{tenantId}/connections': {},
  'post /api/tenants/{tenantId}/connections': {
    body: (ids) => ({ connector: 'acme', name: 'New', settings: { address: ids.address, token: 'x' } }),
  },
  'post /api/tenants/{tenantId}/connections/test': {
    // The secret is left out, so it would have to come from the connection.
    body: (ids) => ({ connector: 'acme', settings: { address: ids.address }, connectionId: ids.connectionId }),
  },
  'get /api/tenants/{tenantId}/connections/{connectionId}': {},
  'patch /api/tenants/{tenantId}/connections/{connectionId}': { body: () => ({ name: 'Renamed' }) },
  'delete /api/tenants/{tenantId}/connections/{connectionId}': {},
  'get /api/tenants/{tenantId}/connections/{connectionId}/activity': {},
  'get /api/tenants/{tenantId}/connections/{connectionId}/runs': {},
  'post /api/tenants/{tenantId}/connections/{connectionId}/runs': { body: () => ({}) },
  'get /api/tenants/{tenantId}/connections/{connectionId}/runs/{runId}': {},
  'post /api/tenants/{tenantId}/connections/{connectionId}/runs/{runId}/cancel': { body: () => ({}) },
  'get /api/tenants/{tenantId}/connections/{connectionId}/progress': {},
  'get /api/tenants/{tenantId}/collectors': {},
  'get /api/tenants/{tenantId}/connections/{connectionId}/collector': ofCollector,
  'get /api/tenants/{tenantId}/connections/{connectionId}/collector/installer': ofCollector,
  'post /api/tenants/{tenantId}/connections/{connectionId}/collector/keys': { ...ofCollector, body: () => ({}) },
  'delete /api/tenants/{tenantId}/connections/{connectionId}/collector/keys': ofCollector,
  'get /api/tenants/{tenantId}/inventory/{kind}': { query: (ids) => `filter=_connection:eq:${ids.connectionId}` },
  'get /api/tenants/{tenantId}/inventory/{kind}/export.csv': {
    query: (ids) => `filter=identity:eq:${ids.identityId}&columns=login,displayName,identity,_connection`,
  },
  'get /api/tenants/{tenantId}/inventory/{kind}/record': {
    query: (ids) => `connection=${ids.connectionId}&stream=people&id=p0000`,
  },
  'get /api/tenants/{tenantId}/inventory/{kind}/record/related': {
    query: (ids) => `connection=${ids.connectionId}&stream=people&id=p0000&list=groups`,
  },
  'get /api/tenants/{tenantId}/inventory/{kind}/record/grants': {
    query: (ids) => `connection=${ids.connectionId}&stream=people&id=p0000`,
  },
  'get /api/tenants/{tenantId}/webhooks': {},
  'post /api/tenants/{tenantId}/webhooks': {
    body: () => ({ name: 'Hook', url: 'https://hooks.example', events: ['finding.opened'] }),
  },
  'patch /api/tenants/{tenantId}/webhooks/{webhookId}': { body: () => ({ enabled: false }) },
  'delete /api/tenants/{tenantId}/webhooks/{webhookId}': {},
  'post /api/tenants/{tenantId}/webhooks/{webhookId}/test': { body: () => ({}) },
  'get /api/tenants/{tenantId}/webhooks/{webhookId}/deliveries': {},
  'get /api/tenants/{tenantId}/audit': {},
  'get /api/tenants/{tenantId}/audit/export.csv': { query: (ids) => `search=${ids.connectionId}` },
  'get /api/tenants/{tenantId}/identities/{identityId}': {},
  'get /api/tenants/{tenantId}/identities/{identityId}/history': {},
  'post /api/tenants/{tenantId}/identities/merge': {
    body: (ids) => ({ identityIds: [ids.identityId, ids.otherIdentityId], reason: '' }),
  },
  'post /api/tenants/{tenantId}/identities/split': {
    body: (ids) => ({ accounts: [{ connection: ids.connectionId, stream: 'people', id: 'p0000' }], reason: '' }),
  },
  'get /api/tenants/{tenantId}/identities/decisions': {},
  'post /api/tenants/{tenantId}/identities/decisions/{decisionId}/undo': { body: () => ({}) },
  'post /api/tenants/{tenantId}/identities/suggestions/{suggestionId}/accept': { body: () => ({}) },
  'post /api/tenants/{tenantId}/identities/suggestions/{suggestionId}/reject': { body: () => ({}) },
  'get /api/tenants/{tenantId}/recommendations': {},
  'get /api/tenants/{tenantId}/findings': { query: (ids) => `connection=${ids.connectionId}` },
  'patch /api/tenants/{tenantId}/findings': {
    body: (ids) => ({ status: 'in_progress', findingIds: [ids.findingId] }),
  },
  'get /api/tenants/{tenantId}/findings/export.csv': { query: (ids) => `connection=${ids.connectionId}` },
  'get /api/tenants/{tenantId}/findings/{findingId}': {},
  'get /api/tenants/{tenantId}/dashboard': {},
};

/** Belong to no tenant: to the person who asks, to the program, or to everybody. */
const outside =
  /^\/(healthz|readyz|metrics|openapi\.json)$|^\/api\/(auth\/|welcome|people|session$|me(\/|$)|connectors$|egress$|inventory\/kinds$)/;
/** Of devices: each proves by its signature which connection it is, and the last tests here are about that. */
const ofDevices = /^\/api\/collector\//;
/** Several tenants in one answer: those that one may enter. */
const across = ['get /api/tenants', 'get /api/apps'];

let host: TestInsights;
let routes: readonly string[];
const tenants: { a: Ids; b: Ids } = { a: {}, b: {} };
let ofA: TestClient;
const systems: { close(): Promise<void> }[] = [];

const devices = new Map<string, FakeCollector>();
const fill = async (name: string): Promise<Ids> => {
  const tenantId = await host.tenant(name);
  const holds = acmeOf(15);
  const system = await runAcme({
    ...holds,
    people: holds.people.map((person) => ({ ...person, name: `${name} ${person.id}` })),
    teams: holds.teams.map((team) => ({ ...team, name: `${name} ${team.id}` })),
  });
  systems.push(system);
  const connectionId = await connect(host.operator, tenantId, system.settings, `${name} connection`);
  const run = await runOver(host.operator, tenantId, connectionId);
  const webhook = await host.operator.post(`/api/tenants/${tenantId}/webhooks`, {
    ...{ name: `${name} hook`, url: 'http://127.0.0.1:9/hook', events: ['connection.health_changed'] },
  });
  const { connectionId: collectorId, collector } = await startCollector(host.operator, tenantId, `${name} collector`);
  await collector.send(pageOf(1, 0, [1]));
  await collector.send(endOf(1, 1));
  await runOver(host.operator, tenantId, collectorId);
  devices.set(tenantId, collector);
  const person = await host.person(tenantId, 'administrator');
  if (name !== marker) ofA = person;
  const identities = await host.operator.get(`/api/tenants/${tenantId}/inventory/identities`);
  const [findingId, decisionId, suggestionId] = [newId<string>(), newId<string>(), newId<string>()];
  await host.database.tenant(tenantId, async (tx) => {
    await sql`insert into findings (tenant_id, finding_id, rule_id, connection_id, subject_kind, subject_stream, subject_id,
        subject_label, severity, sensitivity, status, evidence, first_seen_at, last_seen_at)
      values (${tenantId}, ${findingId}, 'made-for-the-test', ${connectionId}, 'accounts', 'people', 'p0001', ${name}, 2,
        'high', 'new', '[]', now(), now())`.execute(tx);
    await sql`insert into decisions (tenant_id, decision_id, kind, decided_at, decided_by, reason)
      values (${tenantId}, ${decisionId}, 'merge', now(), ${name}, ${name})`.execute(tx);
    await sql`insert into suggestions (tenant_id, suggestion_id, connection_id, stream, id, other_connection_id, other_stream,
        other_id, rule, confidence, own_value, other_value, suggested_at)
      values (${tenantId}, ${suggestionId}, ${connectionId}, 'people', 'p0001', ${connectionId}, 'people', 'p0002', '12',
        0.7, ${name}, ${name}, now())`.execute(tx);
  });
  return {
    ...{
      tenantId,
      connectionId,
      collectorId,
      runId: run.runId,
      webhookId: webhook.body.webhookId,
      personId: person.personId,
    },
    ...{
      identityId: identities.body.items[0].id,
      otherIdentityId: identities.body.items[1].id,
      address: system.settings.address,
    },
    ...{ findingId, decisionId, suggestionId, kind: 'accounts' },
  };
};

beforeAll(async () => {
  host = await testInsights(collecting);
  tenants.a = await fill('Ours');
  tenants.b = await fill(marker);
  await vi.waitUntil(async () => (await giveUpDeliveries()) === 0, { timeout: 10_000 });
  const { body } = await host.operator.get('/openapi.json');
  routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
});
afterAll(async () => {
  await Promise.all(systems.map((system) => system.close()));
  await host.close();
});

const ask = (client: TestClient, route: string, tenantId: string, ids: Ids): Promise<Answer> => {
  const [method = '', pattern = ''] = route.split(' ');
  const { query, body, path: ofPath = (same: Ids) => same } = cases[route] ?? {};
  const named = ofPath(ids);
  const path = pattern.replace(/\{(\w+)\}/g, (_, name) => (name === 'tenantId' ? tenantId : (named[name] ?? '')));
  const asked = query ? `?${query(ids)}` : '';
  return client.ask(
    method.toUpperCase(),
    `${path}${asked}`,
    body ? { body: JSON.parse(JSON.stringify(body(ids))) } : {},
  );
};

/** The program repeats deliveries by itself, so they would not stand still. Answers with how many were not tried at all yet. */
const giveUpDeliveries = async (): Promise<number> => {
  await sql`update deliveries set next_attempt_at = null where attempted_at is not null`.execute(host.database.owner);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from deliveries where next_attempt_at is not null`.execute(host.database.owner);
  return rows[0]?.count ?? 0;
};

/** Everything of tenant B, as one digest; the audit apart, which says who tried nothing. */
const digestOfB = async (): Promise<string> => {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1`.execute(host.database.owner);
  const digests: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ digest: string }>`
      select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from ${sql.table(name)} t
      where tenant_id = ${tenants.b.tenantId as TenantId}`.execute(host.database.owner);
    digests.push(`${name} ${rows[0]?.digest}`);
  }
  return digests.join('\n');
};

test('every route is covered here', () => {
  const uncovered = routes.filter((route) => {
    const [method, path = ''] = route.split(' ');
    return (
      !(route in cases) &&
      !outside.test(path) &&
      !ofDevices.test(path) &&
      !across.includes(route) &&
      `${method} ${path}` !== 'post /api/tenants'
    );
  });
  expect(uncovered).toEqual([]);
  expect(Object.keys(cases).filter((route) => !routes.includes(route))).toEqual([]);
});

describe('a person of one tenant', () => {
  test('finds nothing at any route of another, with any of its ids', async () => {
    const before = await digestOfB();
    for (const route of Object.keys(cases)) {
      const answer = await ask(ofA, route, tenants.b.tenantId ?? '', tenants.b);
      expect.soft(answer.status, route).toBe(404);
      expect.soft(answer.text, route).not.toContain(marker);
    }
    expect(await digestOfB()).toBe(before);
  });

  test('reaches nothing of another through the own tenant, whatever ids, filters and bodies are sent', async () => {
    const before = await digestOfB();
    const changesOwn = /^(delete|patch) \/api\/tenants\/\{tenantId\}(\/settings)?$/;
    for (const route of Object.keys(cases).filter((one) => !changesOwn.test(one))) {
      const answer = await ask(ofA, route, tenants.a.tenantId ?? '', tenants.b);
      expect.soft(answer.text, route).not.toContain(marker);
      // A path that names a thing of the other answers as if it did not exist.
      if (/\{(?!tenantId|kind)\w+\}/.test(route)) expect.soft(answer.status, route).toBe(404);
      if (route.includes('export.csv')) expect.soft(answer.text.trim().split('\n'), route).toHaveLength(1);
      if (route.endsWith('{kind}')) expect.soft(answer.body.items, route).toEqual([]);
    }
    expect(
      (await ask(ofA, 'post /api/tenants/{tenantId}/connections/test', tenants.a.tenantId ?? '', tenants.b)).status,
    ).toBe(404);
    expect(await digestOfB()).toBe(before);
  });

  test('cannot continue a list of another with its cursor', async () => {
    const b = tenants.b.tenantId ?? '';
    const lists = [
      ...['accounts', 'groups', 'identities'].map((kind) => `/inventory/${kind}?limit=1`),
      `/audit?limit=1`,
    ];
    for (const list of lists) {
      const { body } = await host.operator.get(`/api/tenants/${b}${list}`);
      expect(body.next, list).toBeTypeOf('string');
      const answer = await ofA.get(`/api/tenants/${tenants.a.tenantId}${list}&cursor=${body.next}`);
      expect(answer.status, list).toBe(400);
      expect(answer.body.errors, list).toMatchObject([{ field: 'cursor' }]);
    }
  });

  test('sees only the own tenants at home and in the Apps menu', async () => {
    for (const route of across) {
      const answer = await ofA.get(route.split(' ')[1] ?? '');
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain(marker);
      expect(answer.text).not.toContain(tenants.b.tenantId);
    }
    expect((await ofA.get('/api/tenants')).body).toMatchObject([{ tenantId: tenants.a.tenantId }]);
  });
});

describe('the collector of one tenant', () => {
  test('that names the same domain has a lease, a home and records of its own', async () => {
    const before = await digestOfB();
    const device = devices.get(tenants.a.tenantId ?? '');
    const hello = await device?.hello();
    expect(hello?.body).toMatchObject({ leases: [{ source: domain.id }], heldBy: [], places: [{ next: 2 }] });
    expect(hello?.text).not.toContain(marker);
    expect((await device?.send(pageOf(2, 0, [7])))?.body).toEqual({ state: 'stored' });
    await runOver(host.operator, tenants.a.tenantId ?? '', tenants.a.collectorId ?? '');
    expect(await digestOfB()).toBe(before);
  });

  test('cannot speak for one of another at any route of devices', async () => {
    const before = await digestOfB();
    const device = devices.get(tenants.a.tenantId ?? '');
    const theirs = { keyId: tenants.b.collectorId ?? '', nonce: 9_000_000 };
    for (const route of routes.filter((one) => ofDevices.test(one.split(' ')[1] ?? ''))) {
      const [method = '', path = ''] = route.split(' ');
      if (path.endsWith('/register')) continue;
      const body = method === 'post' ? await packBatch(pageOf(3, 0, [8])) : null;
      const answer = await device?.ask(
        method === 'post' ? 'POST' : 'GET',
        path.replace('{file}', 'collector.mjs'),
        body,
        theirs,
      );
      expect.soft(answer?.status, route).toBe(401);
      expect.soft(answer?.text, route).not.toContain(marker);
    }
    expect(await digestOfB()).toBe(before);
  });
});

test('runs and the steps after them, and the deletion of a tenant, touch no other tenant', async () => {
  const a = tenants.a.tenantId ?? '';
  const before = await digestOfB();
  await host.operator.post(`/api/tenants/${a}/connections/${tenants.a.connectionId}/runs`, {});
  await runOver(host.operator, a, tenants.a.connectionId ?? '');
  expect(await digestOfB()).toBe(before);
  expect((await ofA.ask('DELETE', `/api/tenants/${a}`)).status).toBe(204);
  expect((await ofA.get(`/api/tenants/${a}/connections`)).status).toBe(404);
  await eventually(async () => {
    const { rows } = await sql`select from tenants where tenant_id = ${a}`.execute(host.database.owner);
    return rows.length === 0;
  });
  expect(await digestOfB()).toBe(before);
});

test('every table of tenants begins its keys with the tenant and is fenced', async () => {
  expect(await checkCatalogue(host.database.owner)).toEqual([]);
});

test('the row-level fence holds for every table of tenants', async () => {
  const { rows: tables } = await sql<{ name: string }>`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v')`.execute(host.database.owner);
  const elsewhere = newId<TenantId>();
  for (const { name } of tables) {
    const count = await host.database.tenant(elsewhere, async (tx) => {
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from ${sql.table(name)}`.execute(tx);
      return rows[0]?.count;
    });
    expect.soft(count, name).toBe(0);
  }
});
