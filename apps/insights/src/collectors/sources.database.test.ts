import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCollector, domain, endOf, fakeCollector, pageOf, startCollector, users } from '../testing/collector.ts';
import { collectorBench } from '../testing/collector-bench.ts';
import { eventually } from '../testing/test-insights.ts';

let bench: Awaited<ReturnType<typeof collectorBench>>;
let host: typeof bench.host;
beforeAll(async () => {
  bench = await collectorBench();
  ({ host } = bench);
});
afterAll(() => host.close());

describe('one domain', () => {
  const expire = (tenantId: TenantId) =>
    host.database.tenant(tenantId, (tx) =>
      sql`update collector_sources set held_until = now() - interval '1 second'`.execute(tx),
    );

  test('is read by one collector, the next takes over when it falls silent, and its records stay where they were', async () => {
    const tenantId = await host.tenant('Takeover');
    const first = await startCollector(host.operator, tenantId, 'First');
    await bench.statuses(first.collector, pageOf(1, 0, [1, 2]), endOf(1, 1));
    await bench.isUsers(tenantId, ['u1', 'u2']);
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    expect(second.hello.body).toMatchObject({ leases: [], heldBy: [{ source: domain.id, collector: 'First' }] });
    expect(await bench.statuses(second.collector, pageOf(2, 0, [1]))).toEqual(['409 not-leased']);
    const { body: standing } = await host.operator.get(`${bench.at(tenantId, second.connectionId)}/collector`);
    expect(standing.sources).toMatchObject([{ state: 'standing_by', reader: 'First', home: 'First' }]);

    await expire(tenantId);
    const taken = await second.collector.hello();
    expect(taken.body).toMatchObject({ heldBy: [], places: [{ stream: users, generation: 1, next: 2 }] });
    await bench.statuses(second.collector, pageOf(2, 0, [2, 3]), endOf(2, 1));
    await bench.isUsers(tenantId, ['-u1', 'u2', 'u3'], first.connectionId);
    expect(await bench.usersOf(tenantId, second.connectionId)).toEqual([]);
    expect(await bench.statuses(first.collector, pageOf(3, 0, [9]))).toEqual(['409 not-leased']);
    expect((await first.collector.hello()).body.heldBy).toEqual([{ source: domain.id, collector: 'Second' }]);
    const { body } = await host.operator.get(`${bench.at(tenantId, first.connectionId)}/collector`);
    expect(body.sources).toMatchObject([{ state: 'elsewhere', reader: 'Second', home: 'First' }]);
    const audit = await host.operator.get(`/api/tenants/${tenantId}/audit?action=collector.lease`);
    expect(audit.body.items[0]).toMatchObject({
      action: 'collector.lease',
      change: { from: first.connectionId, to: second.connectionId },
    });
  });

  test('is granted to one of many that ask at the same moment', async () => {
    const tenantId = await host.tenant('Race');
    const added = await Promise.all(['A', 'B', 'C', 'D'].map((name) => addCollector(host.operator, tenantId, name)));
    const collectors = await Promise.all(
      added.map(async ({ key }) => {
        const collector = await fakeCollector(host.url);
        await collector.register(key);
        return collector;
      }),
    );
    const answers = await Promise.all(collectors.map((collector) => collector.hello()));
    expect(answers.filter(({ body }) => body.leases.length > 0)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.heldBy.length > 0)).toHaveLength(3);
  });

  test('moves on when the connection that kept its records is deleted, and is read anew', async () => {
    const tenantId = await host.tenant('Moved home');
    const first = await startCollector(host.operator, tenantId, 'First');
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    await bench.statuses(first.collector, pageOf(1, 0, [1]), endOf(1, 1));
    await bench.isUsers(tenantId, ['u1'], first.connectionId);
    expect((await host.operator.ask('DELETE', bench.at(tenantId, first.connectionId))).status).toBe(204);
    const gone = await first.collector.hello();
    expect([gone.status, gone.body.type]).toEqual([410, 'urn:gatehouse:problem:removed']);
    const taken = await second.collector.hello();
    expect(taken.body).toMatchObject({ heldBy: [], places: [], leases: [{ source: domain.id }] });
    await bench.statuses(second.collector, pageOf(9, 0, [1, 2]), endOf(9, 1));
    await bench.isUsers(tenantId, ['u1', 'u2'], second.connectionId);
    await eventually(async () => (await bench.usersOf(tenantId, first.connectionId)).length === 0);
    expect((await first.collector.hello()).status).toBe(410);
  });

  test('that a collector no longer names is free at once, and another one of the kind takes its place in the connection', async () => {
    const tenantId = await host.tenant('Another domain');
    const first = await startCollector(host.operator, tenantId, 'First');
    await bench.statuses(first.collector, pageOf(1, 0, [1]), endOf(1, 1));
    await bench.isUsers(tenantId, ['u1']);
    const other = { ...domain, id: 'S-1-5-21-9-9-9', name: 'other.example' };
    expect((await first.collector.hello({ sources: [other] })).body).toMatchObject({
      leases: [{ source: other.id }],
      places: [],
    });
    expect(await bench.statuses(first.collector, pageOf(2, 0, [2]))).toEqual(['409 not-leased']);
    const ofOther = (batch: ReturnType<typeof pageOf>) => ({ ...batch, source: other.id });
    await bench.statuses(first.collector, ofOther(pageOf(3, 0, [2])), ofOther(endOf(3, 1)));
    await bench.isUsers(tenantId, ['-u1', 'u2']);
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    expect(second.hello.body).toMatchObject({ leases: [{ source: domain.id }], places: [] });
  });
});
