import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, eventually, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
beforeAll(async () => {
  host = await testInsights();
});
afterAll(() => host.close());

const minutes = 48;

const secondPage = ({ path, query }: { path: string; query: URLSearchParams }) =>
  path === '/people' && query.get('after') !== null;

/** A connection whose system uses its limit up at one request, each time it is armed. */
const limited = async (name: string, isTheOne = secondPage, holds = acmeOf(25)) => {
  const tenantId = await host.tenant(name);
  const system = await runAcme(holds);
  let isArmed = true;
  const asked: string[] = [];
  system.fake.onRequest((request) => {
    const { path, query } = request;
    if (path === '/check') return;
    asked.push(`${path} ${query.get('after') ?? ''}`.trim());
    if (!isArmed || !isTheOne(request)) return;
    isArmed = false;
    system.fake.throttleOnce(minutes * 60);
  });
  const connectionId = await connect(host.operator, tenantId, system.settings);
  const at = `/api/tenants/${tenantId}/connections/${connectionId}`;
  const newest = async () => (await host.operator.get(`${at}/runs`)).body.items[0];
  const waiting = () =>
    eventually(async () => {
      const run = await newest();
      return run.state === 'queued' && run.waiting !== null ? run : null;
    });
  /** As if the limit had opened. `startedAgo`: hours that the run is under way. */
  const open = (startedAgo = 1) =>
    host.database.system((tx) =>
      sql`update runs set not_before = now(), started_at = now() - make_interval(hours => ${startedAgo})
        where tenant_id = ${tenantId} and state = 'queued'`.execute(tx),
    );
  return {
    ...{ tenantId, connectionId, at, asked, newest, waiting, open, close: system.close },
    arm: () => {
      isArmed = true;
    },
    accounts: async () => (await host.operator.get(`/api/tenants/${tenantId}/inventory/accounts`)).body.total.value,
    [Symbol.asyncDispose]: system.close,
  };
};

test('a run whose limit opens in 48 minutes says so, gives its place to others, and goes on by itself where it stopped', async () => {
  await using one = await limited('Limited');
  const run = await one.waiting();
  expect(run).toMatchObject({
    state: 'queued',
    waiting: { text: "Waiting for Acme's rate limit" },
    streams: [{ stream: 'people', state: 'waiting', pages: 1, records: 10, fault: null }, {}, {}, {}, {}],
  });
  const ms = Date.parse(run.waiting.until) - Date.now();
  expect(ms).toBeGreaterThan((minutes - 1) * 60_000);
  expect(ms).toBeLessThan((minutes + 1) * 60_000);
  // What was read before is there already, and nobody was alarmed.
  expect(await one.accounts()).toBe(10);
  expect((await host.operator.get(one.at)).body.connectivity).toBe('connected');
  const before = one.asked.length;
  await one.open();
  const over = await runOver(host.operator, one.tenantId, one.connectionId);
  expect(over).toMatchObject({ runId: run.runId, state: 'succeeded', reason: 'resume', waiting: null });
  expect(over.streams[0]).toMatchObject({ stream: 'people', state: 'done', pages: 3, records: 25 });
  expect(await one.accounts()).toBe(25);
  expect(one.asked[before]).toBe('/people 10');
});

test('what was to be said about streams that were read before the wait is still said after it', async () => {
  const holds = acmeOf(3);
  holds.people.push({ id: 'long', login: 'long', name: 'x'.repeat(3_000), email: null });
  await using one = await limited('Limited with a caveat', ({ path }) => path === '/teams', holds);
  await one.waiting();
  const said = async () => JSON.stringify((await host.operator.get(one.at)).body);
  expect(await said()).toContain('values longer than is kept were cut');
  await one.open();
  await runOver(host.operator, one.tenantId, one.connectionId);
  expect(await said()).toContain('values longer than is kept were cut');
});

test('a run that waits for a limit can be cancelled, and the next one goes on there', async () => {
  await using one = await limited('Limited and cancelled');
  const run = await one.waiting();
  expect((await host.operator.post(`${one.at}/runs/${run.runId}/cancel`)).status).toBe(200);
  expect(await one.newest()).toMatchObject({ runId: run.runId, state: 'cancelled', waiting: null });
  await host.operator.post(`${one.at}/runs`, {});
  expect(await runOver(host.operator, one.tenantId, one.connectionId)).toMatchObject({ state: 'succeeded' });
  expect(await one.accounts()).toBe(25);
});

test('a run does not wait for limits for ever: after a day it ends, and a new one goes on', async () => {
  await using one = await limited('Limited for days');
  await one.waiting();
  one.arm();
  await one.open(25);
  const over = await runOver(host.operator, one.tenantId, one.connectionId);
  expect(over.state).toMatch(/partial|failed/);
  expect(over.streams[0]).toMatchObject({ state: 'failed', fault: { kind: 'throttled' } });
  await host.operator.post(`${one.at}/runs`, {});
  expect(await runOver(host.operator, one.tenantId, one.connectionId)).toMatchObject({ state: 'succeeded' });
});
