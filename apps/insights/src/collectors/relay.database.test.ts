import { systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reclaim } from '../runs/index.ts';
import {
  addCollector,
  collecting,
  domain,
  endOf,
  events,
  eventsOf,
  fakeCollector,
  faultOf,
  pageOf,
  startCollector,
  users,
} from '../testing/collector.ts';
import { collectorBench } from '../testing/collector-bench.ts';
import { eventually, testInsights } from '../testing/test-insights.ts';

let bench: Awaited<ReturnType<typeof collectorBench>>;
let host: typeof bench.host;
beforeAll(async () => {
  bench = await collectorBench();
  ({ host } = bench);
});
afterAll(() => host.close());

test('a collector goes the whole way: key, registration, hello, batches, a run, the inventory, and what is gone', async () => {
  const tenantId = await host.tenant('The whole way');
  const { connectionId, key, answer } = await addCollector(host.operator, tenantId);
  expect(answer.body.installation).toMatchObject({
    command: `npx --no-install gatehouse collector install --server ${host.url}`,
  });
  expect(answer.body.installation.command).not.toContain(key);
  expect(await bench.detailOf(tenantId, connectionId)).toMatchObject({ connectivity: 'pending', agent: 'collector' });

  const collector = await fakeCollector(host.url);
  const registered = await collector.register(key);
  expect(registered.body).toMatchObject({ collectorId: connectionId, name: 'Head office' });
  expect(Buffer.from(registered.body.releaseKey, 'base64')).toHaveLength(32);
  const hello = await collector.hello();
  expect(hello.body).toMatchObject({ heldBy: [], places: [], runNow: [], offers: null });
  expect(hello.body.leases).toMatchObject([{ source: domain.id }]);
  expect(await bench.detailOf(tenantId, connectionId)).toMatchObject({ connectivity: 'connected', point: 'SERVER1' });

  expect(await bench.statuses(collector, pageOf(1, 0, [1, 2]), pageOf(1, 1, [3]), endOf(1, 2))).toEqual(
    Array(3).fill('stored'),
  );
  await bench.isUsers(tenantId, ['u1', 'u2', 'u3']);
  const detail = await bench.detailOf(tenantId, connectionId);
  expect(detail).toMatchObject({ connectivity: 'connected', records: 3 });
  expect(detail.streams).toMatchObject([
    { stream: users, title: 'Active Directory: Users', health: 'connected', records: 3 },
    { title: 'Active Directory: Groups', health: 'not_checked' },
    { stream: events, health: 'not_checked' },
  ]);
  // A change, a deletion that the domain told of, and a whole new read in which one is missing.
  expect(await bench.statuses(collector, pageOf(1, 3, [4], [1]))).toEqual(['stored']);
  await bench.isUsers(tenantId, ['-u1', 'u2', 'u3', 'u4']);
  expect(await bench.statuses(collector, pageOf(2, 0, [2, 4]), endOf(2, 1))).toEqual(['stored', 'stored']);
  await bench.isUsers(tenantId, ['-u1', 'u2', '-u3', 'u4']);
  expect(await bench.statuses(collector, eventsOf(1, 0, ['e1', 'e2']))).toEqual(['stored']);
  await eventually(async () => (await bench.detailOf(tenantId, connectionId)).streams[2].records === 2);

  const audit = await host.operator.get(`/api/tenants/${tenantId}/audit?limit=20`);
  const actions = audit.body.items.map((item: { action: string }) => item.action);
  expect(actions).toEqual(
    expect.arrayContaining(['collector.key.create', 'collector.key.use', 'collector.register', 'collector.lease']),
  );
  expect(audit.text).not.toContain(key);
  expect(host.log.join('\n')).not.toContain(key);
});

describe('a read', () => {
  test('that is not finished, or has a gap, deletes nothing', async () => {
    const tenantId = await host.tenant('Gaps');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await bench.statuses(collector, pageOf(1, 0, [1, 2, 3]), endOf(1, 1));
    await bench.isUsers(tenantId, ['u1', 'u2', 'u3']);
    await bench.statuses(collector, pageOf(2, 0, [1, 4]));
    await bench.isUsers(tenantId, ['u1', 'u2', 'u3', 'u4']);
    // The next one is lost on our side: what follows it must not close the read.
    await bench.statuses(collector, pageOf(2, 1, [2]));
    await bench.isUsers(tenantId, ['u1', 'u2', 'u3', 'u4']);
    await host.database.tenant(tenantId, (tx) => sql`update stream_places set next = 3`.execute(tx));
    await bench.statuses(collector, endOf(2, 3));
    // It is sent from the beginning again.
    await eventually(async () => (await collector.hello()).body.places.length === 0);
    expect(await bench.usersOf(tenantId)).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect((await bench.detailOf(tenantId, connectionId)).connectivity).toBe('connected');
    await bench.statuses(collector, pageOf(3, 0, [1]), endOf(3, 1));
    await bench.isUsers(tenantId, ['u1', '-u2', '-u3', '-u4']);
  });

  test('shows the fault that ended it on its stream, with the caveats of the last whole one, until it goes on', async () => {
    const tenantId = await host.tenant('Faults');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const caveats = [{ code: 'partly', advice: 'Two objects were too large.' }];
    await bench.statuses(collector, pageOf(1, 0, [1]), endOf(1, 1, caveats));
    await bench.isUsers(tenantId, ['u1']);
    const whole = await bench.detailOf(tenantId, connectionId);
    expect(whole).toMatchObject({ connectivity: 'warning', caveats });
    await bench.statuses(collector, pageOf(1, 2, [2]), faultOf(1, 3));
    await bench.isUsers(tenantId, ['u1', 'u2']);
    const failed = await eventually(async () => {
      const detail = await bench.detailOf(tenantId, connectionId);
      return detail.streams[0].health === 'warning' && detail;
    });
    expect(failed.streams[0].advice).toContain('grant a domain user');
    await bench.statuses(collector, pageOf(1, 4, [3]));
    await bench.isUsers(tenantId, ['u1', 'u2', 'u3']);
    await eventually(
      async () => (await bench.detailOf(tenantId, connectionId)).streams[0].advice === caveats[0]?.advice,
    );
  });

  test('waits for a collector that says it is at it, and says so', async () => {
    const tenantId = await host.tenant('Waits');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const state = (state: 'reading' | 'idle') => ({
      streams: [{ stream: users, source: domain.id, state, readAt: null, nextAt: null }],
    });
    await collector.hello(state('reading'));
    await bench.statuses(collector, pageOf(1, 0, [1]));
    await eventually(async () => {
      const { body } = await host.operator.get(`${bench.at(tenantId, connectionId)}/runs`);
      return body.items[0].waiting?.text === 'Waiting for the collector on SERVER1';
    });
    await bench.statuses(collector, endOf(1, 1));
    await collector.hello(state('idle'));
    await bench.isUsers(tenantId, ['u1']);
    const { body } = await host.operator.get(`${bench.at(tenantId, connectionId)}/runs`);
    expect(body.items).toMatchObject([{ state: 'succeeded', streams: [{ pages: 2, records: 1 }] }]);
  });
});

describe('"Run now"', () => {
  test('asks the collector with its next hello, until it reads', async () => {
    const tenantId = await host.tenant('Now');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const asked = await host.operator.post(`${bench.at(tenantId, connectionId)}/runs`, { streams: [users] });
    expect(asked.status).toBe(202);
    expect((await collector.hello()).body).toMatchObject({ runNow: [users], everyMs: 2_000 });
    expect((await collector.hello()).body.runNow).toEqual([users]);
    const reading = { stream: users, source: domain.id, state: 'reading', readAt: null, nextAt: null } as const;
    expect((await collector.hello({ streams: [reading] })).body).toMatchObject({ runNow: [], everyMs: 15_000 });
    await bench.statuses(collector, pageOf(1, 0, [1]), endOf(1, 1));
    await collector.hello({ streams: [{ ...reading, state: 'idle' }] });
    await bench.isUsers(tenantId, ['u1']);
  });

  test('says why a collector that is not there, or reads nothing of its own, cannot be asked', async () => {
    const tenantId = await host.tenant('Not now');
    const { connectionId } = await addCollector(host.operator, tenantId);
    const runs = `${bench.at(tenantId, connectionId)}/runs`;
    expect((await host.operator.post(runs, {})).body.detail).toContain('No collector has registered');
    await startCollector(host.operator, tenantId, 'First');
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    const answer = await host.operator.post(`${bench.at(tenantId, second.connectionId)}/runs`, {});
    expect(answer.body.detail).toContain('stands by');
  });
});

test('a worker that is killed in the middle of a read loses and repeats nothing', async () => {
  const tenantId = await host.tenant('Killed');
  const { collector, connectionId } = await startCollector(host.operator, tenantId);
  const reading = { stream: users, source: domain.id, state: 'reading', readAt: null, nextAt: null } as const;
  await collector.hello({ streams: [reading] });
  for (let i = 0; i < 6; i++) await collector.send(pageOf(1, i, [i]));
  const runs = async () => (await host.operator.get(`${bench.at(tenantId, connectionId)}/runs`)).body.items;
  // It has read what there was, and waits for more.
  const held = await eventually(async () => {
    const run = (await runs()).find(({ state }: { state: string }) => state === 'running');
    return run?.waiting && run.streams[0].records === 6 && run;
  });
  await host.database.system((tx) =>
    sql`update runs set worker = gen_random_uuid(), alive_at = now() - interval '10 minutes'
      where tenant_id = ${tenantId} and run_id = ${held.runId}`.execute(tx),
  );
  await reclaim({ database: host.database, clock: systemClock });
  // The worker is not really dead: it learns at its next beat, within a second, that the run is not its own any more.
  await systemClock.sleep(1_500);
  for (let i = 6; i < 9; i++) await collector.send(pageOf(1, i, [i]));
  await collector.send(endOf(1, 9));
  await collector.hello();
  await bench.isUsers(
    tenantId,
    Array.from({ length: 9 }, (_, i) => `u${i}`),
  );
  // Records are in the inventory up to a second before the run says so.
  const over = await eventually(async () => {
    const items = await runs();
    return items.every(({ endedAt }: { endedAt: string | null }) => endedAt !== null) && items;
  });
  const streams = over.flatMap((run: { streams: object[] }) => run.streams);
  const sum = (of: string) =>
    streams.reduce((all: number, stream: Record<string, number>) => all + (stream[of] ?? 0), 0);
  expect([sum('pages'), sum('records'), sum('inserted')]).toEqual([10, 9, 9]);
});

test('a clean stop of a worker hands a read over to the next one', async () => {
  await using web = await testInsights({ ...collecting, role: 'web', afterRead: [] });
  const tenantId = await web.tenant('Killed');
  const { collector, connectionId } = await startCollector(web.operator, tenantId);
  for (let i = 0; i < 6; i++) await collector.send(pageOf(1, i, [i]));
  const worker = await web.another({ role: 'worker', ...collecting, afterRead: [] });
  await eventually(async () => {
    const { body } = await web.operator.get(bench.at(tenantId, connectionId));
    return body.streams[0].records > 0;
  });
  await worker.close();
  for (let i = 6; i < 9; i++) await collector.send(pageOf(1, i, [i]));
  await collector.send(endOf(1, 9));
  await web.another({ role: 'worker', ...collecting, afterRead: [] });
  await eventually(async () => {
    const { rows } = await sql`select from stream_states
      where tenant_id = ${tenantId} and stream = ${users} and not midway and records = 9`.execute(web.database.owner);
    return rows.length === 1;
  });
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from accounts where tenant_id = ${tenantId} and gone_at is null`.execute(
    web.database.owner,
  );
  expect(rows).toEqual([{ count: 9 }]);
});
