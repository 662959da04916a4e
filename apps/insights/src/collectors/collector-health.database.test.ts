import type { Hello } from '@gatehouse/connector-kit/ingest';
import { createTestClock } from '@gatehouse/host/testing';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCollector, collecting, domain, endOf, pageOf, startCollector, users } from '../testing/collector.ts';
import { eventually, type TestInsights, testInsights } from '../testing/test-insights.ts';
import { forgetCollectors, watchCollectors } from './index.ts';

let host: TestInsights;
beforeAll(async () => {
  host = await testInsights({ ...collecting, afterRead: [] });
});
afterAll(() => host.close());

const at = (tenantId: string, connectionId: string) => `/api/tenants/${tenantId}/connections/${connectionId}`;
const detailOf = async (tenantId: string, connectionId: string) =>
  (await host.operator.get(at(tenantId, connectionId))).body;
const activityOf = async (tenantId: string, connectionId: string): Promise<{ title: string }[]> =>
  (await host.operator.get(`${at(tenantId, connectionId)}/activity?limit=50`)).body.items;
const silentFor = async (tenantId: TenantId, minutes: number) => {
  await host.database.tenant(tenantId, (tx) =>
    sql`update collectors set last_contact_at = now() - make_interval(mins => ${minutes}, secs => 5)`.execute(tx),
  );
  const told: string[] = [];
  const parts = {
    ...{ database: host.database, offers: null, clock: createTestClock(new Date()) },
    tellConnectivity: async (_tx: unknown, _tenantId: unknown, change: { before: string; after: string }) =>
      void told.push(`${change.before} ${change.after}`),
  };
  await watchCollectors(parts, new AbortController().signal);
  return told;
};

describe('a collector that falls silent', () => {
  test('makes its connection a Warning after five minutes and Failed after sixty, each told once with what to do', async () => {
    const tenantId = await host.tenant('Silence');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await collector.send(pageOf(1, 0, [1]));
    await collector.send(endOf(1, 1));
    await eventually(async () => (await detailOf(tenantId, connectionId)).records === 1);
    // Its end is told in the activity, too.
    await eventually(async () => (await detailOf(tenantId, connectionId)).runningRunId === null);
    expect(await silentFor(tenantId, 4)).toEqual([]);
    expect(await silentFor(tenantId, 5)).toEqual(['connected warning']);
    expect(await silentFor(tenantId, 20)).toEqual([]);
    expect((await detailOf(tenantId, connectionId)).connectivity).toBe('warning');
    expect(await silentFor(tenantId, 60)).toEqual(['warning failed']);
    expect(await silentFor(tenantId, 90)).toEqual([]);
    expect((await detailOf(tenantId, connectionId)).connectivity).toBe('failed');
    const { body } = await host.operator.get(`${at(tenantId, connectionId)}/activity?limit=2`);
    for (const { fault } of body.items) {
      expect(fault).toMatchObject({
        kind: 'unreachable',
        advice: expect.stringContaining('service gatehouse-collector'),
      });
    }
    // Its records stay, and a word of it ends the fault.
    expect((await detailOf(tenantId, connectionId)).records).toBe(1);
    await collector.hello();
    expect((await detailOf(tenantId, connectionId)).connectivity).toBe('connected');
    expect((await activityOf(tenantId, connectionId))[0]?.title).toBe('The collector on SERVER1 works again');
  });

  test('does not turn one that waits for its registration into a failure', async () => {
    const tenantId = await host.tenant('Waiting');
    const { connectionId } = await addCollector(host.operator, tenantId);
    await silentFor(tenantId, 120);
    expect((await detailOf(tenantId, connectionId)).connectivity).toBe('pending');
  });

  test('in the middle of a read ends it as unreachable, and the read goes on when it is back', async () => {
    const tenantId = await host.tenant('Cut off');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await collector.send(pageOf(1, 0, [1]));
    await eventually(async () => (await detailOf(tenantId, connectionId)).records === 1);
    await eventually(async () => (await detailOf(tenantId, connectionId)).runningRunId === null);
    await host.database.tenant(tenantId, async (tx) => {
      await sql`update collectors set last_contact_at = now() - interval '11 minutes'`.execute(tx);
      await sql`insert into runs (tenant_id, run_id, connection_id, reason, state, stage, streams, queued_at, not_before)
        select ${tenantId}, gen_random_uuid(), ${connectionId}, 'manual', 'queued', 'reading',
          (select streams from runs limit 1), now(), now()`.execute(tx);
      await sql`update runs set streams = jsonb_set(streams, '{0,state}', '"waiting"') where state = 'queued'`.execute(
        tx,
      );
    });
    const cut = await eventually(async () => {
      const { streams } = await detailOf(tenantId, connectionId);
      return streams[0].health === 'warning' && streams[0];
    });
    expect(cut.advice).toContain('stopped reporting in the middle of a read');
    await collector.hello();
    await collector.send(pageOf(1, 1, [2]));
    await collector.send(endOf(1, 2));
    await eventually(async () => {
      const { streams, records } = await detailOf(tenantId, connectionId);
      return records === 2 && streams[0].health === 'connected';
    });
  });
});

describe('what a collector says of itself', () => {
  const said = async (name: string, hello: Partial<Hello>) => {
    const tenantId = await host.tenant(name);
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await collector.hello(hello);
    return { ...(await detailOf(tenantId, connectionId)), tenantId, connectionId, collector };
  };

  test('its fault is that of the connection, and its caveats are shown', async () => {
    const fault = { kind: 'unauthorized', advice: 'Enter the new password of svc-gatehouse.' } as const;
    const failed = await said('Fault', { check: { fault, caveats: [] } });
    expect(failed.connectivity).toBe('failed');
    expect(
      (await host.operator.get(`${at(failed.tenantId, failed.connectionId)}/activity`)).body.items[0],
    ).toMatchObject({ kind: 'fault', fault: { advice: fault.advice } });
    const caveats = [{ code: 'deleted-objects', advice: 'Grant read access to Deleted Objects.' }];
    await failed.collector.hello({ check: { fault: null, caveats } });
    expect(await detailOf(failed.tenantId, failed.connectionId)).toMatchObject({ connectivity: 'warning', caveats });
    // A run in between changes neither.
    await failed.collector.send(pageOf(1, 0, [1]));
    await failed.collector.send(endOf(1, 1));
    await eventually(async () => (await detailOf(failed.tenantId, failed.connectionId)).records === 1);
    await eventually(async () => (await detailOf(failed.tenantId, failed.connectionId)).runningRunId === null);
    expect(await detailOf(failed.tenantId, failed.connectionId)).toMatchObject({ connectivity: 'warning', caveats });
  });

  test('a clock that is more than five minutes off is a caveat that says which way', async () => {
    const clock = (minutes: number) => ({ now: new Date(Date.now() + minutes * 60_000).toISOString() });
    expect((await said('Right', clock(4))).caveats).toEqual([]);
    expect((await said('Ahead', clock(7))).caveats).toMatchObject([
      { code: 'clock-skew', advice: expect.stringContaining('ahead of') },
    ]);
    expect((await said('Behind', clock(-7))).caveats).toMatchObject([{ advice: expect.stringContaining('behind') }]);
  });

  test('batches that it threw away are an entry of the timeline and a caveat for a day', async () => {
    const from = '2026-11-01T08:00:00.000Z';
    const dropped = [{ stream: users, batches: 12, from, to: from }];
    const lost = await said('Dropped', { spool: { batches: 0, bytes: 0, mostBytes: 10, dropped } });
    expect(lost.caveats).toMatchObject([
      { code: 'dropped-batches', advice: expect.stringContaining('12 batches of active-directory-users') },
    ]);
    expect((await activityOf(lost.tenantId, lost.connectionId)).map(({ title }) => title).join()).toContain(
      'threw away 12 batches',
    );
    await host.database.tenant(lost.tenantId, (tx) =>
      sql`update collectors set dropped = jsonb_set(dropped, '{at}', to_jsonb(now() - interval '25 hours'))`.execute(
        tx,
      ),
    );
    await lost.collector.hello();
    expect((await detailOf(lost.tenantId, lost.connectionId)).caveats).toEqual([]);
  });

  test('several systems of one kind are said, and the first is read', async () => {
    const other = { ...domain, id: 'S-1-5-21-4-4-4', name: 'child.corp.example' };
    const several = await said('Several', { sources: [domain, other] });
    expect(several.caveats).toMatchObject([{ code: 'several-sources' }]);
    const hello = await several.collector.hello({ sources: [domain, other] });
    expect(hello.body.leases).toMatchObject([{ source: domain.id }]);
    expect(hello.body.heldBy).toEqual([]);
  });
});

test('a deleted collector is told so for ninety days and then forgotten', async () => {
  const tenantId = await host.tenant('Forgotten');
  const { collector, connectionId } = await startCollector(host.operator, tenantId);
  await host.operator.ask('DELETE', at(tenantId, connectionId));
  await eventually(async () => {
    const { rows } = await sql`select from connections where connection_id = ${connectionId}`.execute(
      host.database.owner,
    );
    return rows.length === 0;
  });
  expect((await collector.hello()).status).toBe(410);
  await host.database.system((tx) => forgetCollectors(tx, new Date(Date.now() + 91 * 86_400_000)));
  expect((await collector.hello()).body.type).toBe('urn:gatehouse:problem:not-recognised');
});
