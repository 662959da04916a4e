import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf, goodToken } from '../testing/acme.ts';
import { connect, eventually, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let system: Awaited<ReturnType<typeof runAcme>>;
let tenantId: string;
let list: string;
beforeAll(async () => {
  host = await testInsights();
  system = await runAcme(acmeOf(5));
  tenantId = await host.tenant('Acme');
  list = `/api/tenants/${tenantId}/connections`;
});
afterAll(async () => {
  await system.close();
  await host.close();
});

test('what is wrong with the settings is said field by field, and nothing is created', async () => {
  const answer = await host.operator.post(list, {
    ...{ connector: 'acme', name: 'Wrong' },
    settings: { address: 'not an address', colour: 'red' },
  });
  expect(answer.status).toBe(400);
  expect(answer.body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual([
    'settings.address',
    'settings.colour',
    'settings.token',
  ]);
  const unknown = await host.operator.post(list, { connector: 'nothing', name: 'Wrong', settings: {} });
  expect(unknown.body.errors).toMatchObject([{ field: 'connector' }]);
  const nameless = await host.operator.post(list, {
    connector: 'acme',
    name: ' ',
    settings: system.settings,
    extra: 1,
  });
  expect(nameless.body.errors.map(({ field }: { field: string }) => field).toSorted()).toEqual(['extra', 'name']);
  expect((await host.operator.get(list)).body).toEqual([]);
});

test('a secret is in no answer, no log line and no column in the clear', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  const detail = await host.operator.get(`${list}/${connectionId}`);
  expect(detail.body.settings).toEqual({ address: system.settings.address, token: { isSet: true } });
  const tested = await host.operator.post(`${list}/test`, { connector: 'acme', settings: system.settings });
  const activity = await host.operator.get(`${list}/${connectionId}/activity`);
  const audit = await host.operator.get(`/api/tenants/${tenantId}/audit`);
  for (const answer of [detail, tested, activity, audit]) expect(answer.text).not.toContain(goodToken);
  expect(host.log.join('\n')).not.toContain(goodToken);
  const { rows: tables } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r'`.execute(host.database.owner);
  for (const { name } of tables) {
    const { rows } = await sql`select from ${sql.table(name)} t where t::text like ${`%${goodToken}%`}`.execute(
      host.database.owner,
    );
    expect(rows, name).toHaveLength(0);
  }
});

test('a secret that is left out of a change keeps its value, and the next run has the new settings', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings, 'Kept');
  await runOver(host.operator, tenantId, connectionId);
  const changed = await host.operator.ask('PATCH', `${list}/${connectionId}`, {
    body: {
      name: 'Renamed',
      settings: { address: system.settings.address, note: 'production', token: { isSet: true } },
    },
  });
  expect(changed.body).toMatchObject({ name: 'Renamed', settings: { note: 'production', token: { isSet: true } } });
  expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({
    reason: 'settings',
    state: 'succeeded',
  });
  const wrong = await host.operator.ask('PATCH', `${list}/${connectionId}`, {
    body: { settings: { address: system.settings.address, token: 'another' } },
  });
  expect(wrong.status).toBe(200);
  expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({ state: 'failed' });
  const { body } = await host.operator.get(`${list}/${connectionId}/activity`);
  expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(['created', 'renamed', 'settings', 'run', 'fault']),
  );
});

test('a test says what works, with secrets from the saved connection, and changes nothing', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings, 'Tested');
  await runOver(host.operator, tenantId, connectionId);
  const before = (await host.operator.get(`${list}/${connectionId}`)).body;
  const good = await host.operator.post(`${list}/test`, {
    ...{ connector: 'acme', connectionId },
    settings: { address: `${system.settings.address}/` },
  });
  expect(good.body).toMatchObject({
    ...{ health: 'connected', fault: null, notes: ['The slash at the end was left out.'] },
    streams: [{ title: 'People', ok: true }, {}, {}, {}, {}],
  });
  const bad = await host.operator.post(`${list}/test`, {
    ...{ connector: 'acme', connectionId },
    settings: { address: system.settings.address, token: 'wrong' },
  });
  expect(bad.body).toMatchObject({
    health: 'failed',
    fault: { kind: 'unauthorized', happened: 'Acme refused the credentials.' },
  });
  const nothing = await host.operator.post(`${list}/test`, {
    connector: 'acme',
    settings: { address: system.settings.address },
  });
  expect(nothing.body.errors).toMatchObject([{ field: 'settings.token' }]);
  const after = (await host.operator.get(`${list}/${connectionId}`)).body;
  expect(after).toEqual({ ...before, lastActivityAt: expect.any(String) });
  expect(Date.parse(after.lastActivityAt)).toBeGreaterThan(Date.parse(before.lastActivityAt));
});

test('the activity of a connection tells of its tests: who, what came of it, and what to do', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings, 'Tried');
  await runOver(host.operator, tenantId, connectionId);
  const administrator = await host.person(tenantId as never, 'administrator');
  const { address } = system.settings;
  const tryOut = (settings: object, more: object = { connectionId }) =>
    administrator.post(`${list}/test`, { connector: 'acme', ...more, settings: { address, ...settings } });
  await tryOut({});
  const advice = (await tryOut({ token: 'wrong' })).body.fault.advice;
  await tryOut({ token: goodToken }, {});
  const { items } = (await host.operator.get(`${list}/${connectionId}/activity`)).body;
  const tests = items.filter(({ kind }: { kind: string }) => kind === 'check');
  expect(tests).toMatchObject([
    {
      ...{ title: 'Tested with settings that are not saved: failed', actor: 'Ada Keller', health: 'failed' },
      fault: { kind: 'unauthorized', happened: 'Acme refused the credentials.', advice },
    },
    { title: 'Tested: everything can be read', actor: 'Ada Keller', health: 'connected', fault: null },
  ]);
});

test('a reader may look and not touch', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings, 'Looked at');
  const reader = await host.person(tenantId as never, 'reader');
  expect((await reader.get(`${list}/${connectionId}`)).status).toBe(200);
  for (const [method, path] of [
    ['PATCH', `${list}/${connectionId}`],
    ['DELETE', `${list}/${connectionId}`],
    ['POST', list],
    ['POST', `${list}/${connectionId}/runs`],
  ] as const) {
    expect((await reader.ask(method, path, { body: {} })).status, `${method} ${path}`).toBe(403);
  }
});

test('a connected program is in the Apps menu until it was not read for 60 days', async () => {
  const connectionId = await connect(host.operator, tenantId, system.settings, 'In the menu');
  await runOver(host.operator, tenantId, connectionId);
  const person = await host.person(tenantId as never, 'reader');
  expect((await person.get('/api/apps')).body).toMatchObject({
    items: [{ id: 'acme', url: system.settings.address }],
  });
  await sql`update stream_states set last_read_at = now() - interval '61 days' where tenant_id = ${tenantId}`.execute(
    host.database.owner,
  );
  expect(await eventually(async () => (await person.get('/api/apps')).body.items)).toEqual([]);
});
