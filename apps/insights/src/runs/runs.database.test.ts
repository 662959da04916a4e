import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AcmePerson, acmeOf, goodToken } from '../testing/acme.ts';
import {
  connect,
  eventually,
  inventoryOf,
  runAcme,
  runOver,
  type TestInsights,
  testInsights,
} from '../testing/test-insights.ts';

let host: TestInsights;
beforeAll(async () => {
  host = await testInsights();
});
afterAll(() => host.close());

const at = (tenantId: string, connectionId: string, rest = '') =>
  `/api/tenants/${tenantId}/connections/${connectionId}${rest}`;

/** Lets the first `pages` answers of people through and holds the next until it is opened. */
const holdAt = (pages: number) => {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  let seen = 0;
  return {
    reached: reached.promise,
    open: () => open.resolve(),
    gate: async (path: string) => {
      if (!path.startsWith('/people')) return;
      if (seen++ < pages) return;
      reached.resolve();
      await open.promise;
    },
  };
};

test('a new connection is read at once, and everything arrives', async () => {
  const tenantId = await host.tenant('First');
  await using system = await runAcme(acmeOf(25));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  const run = await runOver(host.operator, tenantId, connectionId);
  expect(run).toMatchObject({ state: 'succeeded', reason: 'created', stage: 'done' });
  expect(run.streams.map((stream: { title: string; records: number }) => [stream.title, stream.records])).toEqual([
    ['People', 25],
    ['Teams', 2],
    ['Members', 2],
    ['Roles', 2],
    ['Grants', 2],
  ]);
  expect(await inventoryOf(host.database, tenantId)).toHaveLength(33);
  const detail = await host.operator.get(at(tenantId, connectionId));
  expect(detail.body).toMatchObject({ connectivity: 'connected', status: 'on', records: 33, runningRunId: null });
});

test('what is queued while every place of the worker is taken is read after one is free', async () => {
  const tenantId = await host.tenant('Crowded');
  await using several = new AsyncDisposableStack();
  const started: { readonly connectionId: string; readonly held: ReturnType<typeof holdAt> }[] = [];
  for (let n = 0; n < 6; n++) {
    const held = holdAt(0);
    const system = several.use(await runAcme(acmeOf(3), held.gate));
    started.push({ connectionId: await connect(host.operator, tenantId, system.settings, `System ${n}`), held });
    // As many as a worker performs at once; the others are queued while those are at it.
    if (n < 4) await held.reached;
  }
  for (const { held } of started) held.open();
  for (const { connectionId } of started) {
    expect((await runOver(host.operator, tenantId, connectionId)).state).toBe('succeeded');
  }
});

test('a stream that fails leaves the others and deletes nothing', async () => {
  const tenantId = await host.tenant('Failing');
  await using system = await runAcme(acmeOf(25));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  const before = await inventoryOf(host.database, tenantId);
  system.fake.forbid('teams');
  system.holds.teams.length = 0;
  system.holds.people.push({ id: 'new', login: 'new', name: 'New', email: null } satisfies AcmePerson);
  await host.operator.post(at(tenantId, connectionId, '/runs'), {});
  const run = await runOver(host.operator, tenantId, connectionId);
  expect(run.state).toBe('partial');
  const after = await inventoryOf(host.database, tenantId);
  expect(after).toHaveLength(before.length + 1);
  expect(after).toEqual(expect.arrayContaining(before));
  const detail = await host.operator.get(at(tenantId, connectionId));
  expect(detail.body.connectivity).toBe('warning');
  const activity = await host.operator.get(at(tenantId, connectionId, '/activity'));
  expect(activity.body.items.find((one: { kind: string }) => one.kind === 'fault')).toMatchObject({
    stream: 'Teams',
    health: 'warning',
    fault: {
      kind: 'forbidden',
      happened: 'Acme does not let these credentials read "Teams".',
      advice: 'Teams cannot be read: grant the scope teams.',
    },
  });
});

test.each([
  ['a web page', 'html', 'The address answered with a web page, not with the interface of Acme. Check the address.'],
  [
    'something else',
    'shape',
    'Acme gave an answer that cannot be understood. The log of this server says what it was.',
  ],
] as const)(
  'a stream that is answered with %s is a Warning with words about it, and loses nothing',
  async (what, how, advice) => {
    const tenantId = await host.tenant(`Strange: ${what}`);
    await using system = await runAcme(acmeOf(25));
    const connectionId = await connect(host.operator, tenantId, system.settings);
    await runOver(host.operator, tenantId, connectionId);
    const before = await inventoryOf(host.database, tenantId);
    system.fake.answerStrange('people', how);
    await host.operator.post(at(tenantId, connectionId, '/runs'), {});
    expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({ state: 'partial' });
    expect(await inventoryOf(host.database, tenantId)).toEqual(before);
    expect((await host.operator.get(at(tenantId, connectionId))).body.connectivity).toBe('warning');
    const activity = await host.operator.get(at(tenantId, connectionId, '/activity'));
    expect(activity.body.items.find((one: { kind: string }) => one.kind === 'fault')).toMatchObject({
      stream: 'People',
      health: 'warning',
      fault: { kind: 'unexpected', advice, means: expect.stringContaining('nothing was deleted') },
    });
    expect(`${host.log.join('')}${activity.text}`).not.toContain(goodToken);
  },
);

test('a credential that stopped to work makes the connection Failed and says what to do', async () => {
  const tenantId = await host.tenant('Refused');
  await using system = await runAcme(acmeOf(5));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  system.fake.refuseCredentials();
  await host.operator.post(at(tenantId, connectionId, '/runs'), {});
  const run = await runOver(host.operator, tenantId, connectionId);
  expect(run).toMatchObject({ state: 'failed' });
  const detail = await host.operator.get(at(tenantId, connectionId));
  expect(detail.body).toMatchObject({ connectivity: 'failed', records: 13 });
  const activity = await host.operator.get(at(tenantId, connectionId, '/activity'));
  const fault = activity.body.items.find((one: { kind: string }) => one.kind === 'fault');
  expect(fault.fault).toMatchObject({ kind: 'unauthorized', happened: 'Acme refused the credentials.' });
});

test('what is gone from the system is gone from the lists after a finished read, and comes back with it', async () => {
  const tenantId = await host.tenant('Gone');
  await using system = await runAcme(acmeOf(12));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  const [left] = system.holds.people.splice(3, 1);
  const list = `/api/tenants/${tenantId}/inventory/accounts`;
  await host.operator.post(at(tenantId, connectionId, '/runs'), { streams: ['people'] });
  expect((await runOver(host.operator, tenantId, connectionId)).streams).toMatchObject([{ stream: 'people', gone: 1 }]);
  expect((await host.operator.get(list)).body.total).toEqual({ value: 11, exact: true });
  expect((await host.operator.get(`${list}?filter=gone:eq:true`)).body.items).toMatchObject([{ id: left?.id }]);
  const record = `${list.replace('accounts', 'accounts/record')}?connection=${connectionId}&stream=people&id=${left?.id}`;
  expect((await host.operator.get(record)).body).toMatchObject({ isGone: true, history: [{ kind: 'gone' }] });
  if (left) system.holds.people.push(left);
  await host.operator.post(at(tenantId, connectionId, '/runs'), { streams: ['people'] });
  await runOver(host.operator, tenantId, connectionId);
  expect((await host.operator.get(record)).body).toMatchObject({
    isGone: false,
    history: [{ kind: 'returned' }, { kind: 'gone' }],
  });
});

test('a run can be cancelled: it ends within seconds, keeps what it read and deletes nothing', async () => {
  const tenantId = await host.tenant('Cancelled');
  const hold = holdAt(2);
  await using system = await runAcme(acmeOf(45), hold.gate);
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await hold.reached;
  const { body: runs } = await host.operator.get(at(tenantId, connectionId, '/runs'));
  const [run] = runs.items;
  expect((await host.operator.post(at(tenantId, connectionId, `/runs/${run.runId}/cancel`))).status).toBe(200);
  expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({ state: 'cancelled', runId: run.runId });
  hold.open();
  expect((await host.operator.get(`/api/tenants/${tenantId}/inventory/accounts`)).body.total.value).toBe(20);
  const again = await host.operator.post(at(tenantId, connectionId, `/runs/${run.runId}/cancel`));
  expect(again.body).toMatchObject({ state: 'cancelled' });
  // The next one continues where this one stopped, and nothing is missing.
  await host.operator.post(at(tenantId, connectionId, '/runs'), {});
  expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({ state: 'succeeded' });
  expect((await host.operator.get(`/api/tenants/${tenantId}/inventory/accounts`)).body.total.value).toBe(45);
});

test('asking for a run while one is under way is the same wish, and a connection has one under way at a time', async () => {
  const tenantId = await host.tenant('Once');
  const hold = holdAt(0);
  await using system = await runAcme(acmeOf(3), hold.gate);
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await hold.reached;
  const asked = await Promise.all([1, 2, 3].map(() => host.operator.post(at(tenantId, connectionId, '/runs'), {})));
  expect(new Set(asked.map(({ body }) => body.runId)).size).toBe(1);
  expect(asked[0]?.body.state).toBe('running');
  hold.open();
  await runOver(host.operator, tenantId, connectionId);
  expect((await host.operator.get(at(tenantId, connectionId, '/runs'))).body.total.value).toBe(1);
});

test('progress is told over events, to a second copy of the program as well', async () => {
  const tenantId = await host.tenant('Watched');
  const hold = holdAt(2);
  await using system = await runAcme(acmeOf(45), hold.gate);
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await hold.reached;
  const copy = await host.another({ role: 'web', home: host.home });
  const { readFile } = await import('node:fs/promises');
  const token = (await readFile(`${host.home}/insights.token`, 'utf8')).trim();
  const answer = await fetch(new URL(at(tenantId, connectionId, '/progress'), copy.url ?? ''), {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const states: string[] = [];
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    for (const [, data = ''] of text.matchAll(/^data: (.*)\n\n/gm)) {
      const run = JSON.parse(data);
      states.push(run.state);
      const people = run.streams.find((stream: { stream: string }) => stream.stream === 'people');
      if (run.state === 'running' && people.pages === 2) hold.open();
    }
    text = text.slice(text.lastIndexOf('\n\n') + 2);
    if (states.includes('succeeded')) break;
  }
  expect(states[0]).toBe('running');
  expect(states.at(-1)).toBe('succeeded');
});

test('a connection that is turned off is not read, and is read when it is turned on again', async () => {
  const tenantId = await host.tenant('Off');
  await using system = await runAcme(acmeOf(3));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  const off = await host.operator.ask('PATCH', at(tenantId, connectionId), { body: { enabled: false } });
  expect(off.body).toMatchObject({ status: 'off', connectivity: 'off', nextRunAt: null });
  const refused = await host.operator.post(at(tenantId, connectionId, '/runs'), {});
  expect(refused).toMatchObject({ status: 409 });
  expect(refused.body.detail).toContain('turned off');
  await host.operator.ask('PATCH', at(tenantId, connectionId), { body: { enabled: true } });
  expect(await runOver(host.operator, tenantId, connectionId)).toMatchObject({
    state: 'succeeded',
    reason: 'settings',
  });
});

test('deleting a connection takes it away at once and everything it read in the background', async () => {
  const tenantId = await host.tenant('Deleted');
  await using system = await runAcme(acmeOf(15));
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await runOver(host.operator, tenantId, connectionId);
  expect((await host.operator.ask('DELETE', at(tenantId, connectionId))).status).toBe(204);
  expect((await host.operator.get(at(tenantId, connectionId))).status).toBe(404);
  expect((await host.operator.get(`/api/tenants/${tenantId}/connections`)).body).toEqual([]);
  await eventually(async () => {
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from connections
      where tenant_id = ${tenantId}`.execute(host.database.owner);
    return rows[0]?.count === 0;
  });
  expect(await inventoryOf(host.database, tenantId)).toEqual([]);
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from identities
    where tenant_id = ${tenantId}`.execute(host.database.owner);
  expect(rows[0]?.count).toBe(0);
});
