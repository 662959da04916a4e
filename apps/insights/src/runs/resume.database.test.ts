import { systemClock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, eventually, inventoryOf, runAcme, runOver, testInsights } from '../testing/test-insights.ts';
import { reclaim } from './worker.ts';

/** Lists of the fake, in order: 3 pages of people, then one of each other stream. */
const answers = 7;

test('a run that is stopped before any page goes on there at the next start and ends with the same inventory', async () => {
  await using host = await testInsights({ afterRead: [] });
  const tenantId = await host.tenant('Reference');
  await using reference = await runAcme(acmeOf(25));
  await runOver(host.operator, tenantId, await connect(host.operator, tenantId, reference.settings));
  const expected = await inventoryOf(host.database, tenantId);

  for (let stopBefore = 0; stopBefore < answers; stopBefore++) {
    const other = await host.tenant(`Stopped before answer ${stopBefore}`);
    const reached = Promise.withResolvers<void>();
    const asked: string[] = [];
    await using system = await runAcme(acmeOf(25), async (path) => {
      asked.push(path);
      if (asked.length !== stopBefore + 1) return;
      reached.resolve();
      // Never answered: the worker that asked is gone.
      await new Promise(() => undefined);
    });
    const connectionId = await connect(host.operator, other, system.settings);
    await reached.promise;
    // What was done is in its row within a second.
    await eventually(async () => {
      const { body } = await host.operator.get(`/api/tenants/${other}/connections/${connectionId}/runs`);
      const pages = body.items[0].streams.reduce((sum: number, stream: { pages: number }) => sum + stream.pages, 0);
      const done = body.items[0].streams.filter((stream: { state: string }) => stream.state === 'done').length;
      return pages === stopBefore && done === Math.max(0, stopBefore - 2);
    });
    await host.database.system((tx) =>
      sql`update runs set worker = gen_random_uuid(), alive_at = now() - interval '10 minutes'
        where tenant_id = ${other} and state = 'running'`.execute(tx),
    );
    await reclaim({ database: host.database, clock: systemClock });
    const run = await runOver(host.operator, other, connectionId);
    expect(run).toMatchObject({ state: 'succeeded', reason: 'resume' });
    expect(await inventoryOf(host.database, other)).toEqual(expected);
    // The page that was not answered is asked again, those before it are not.
    expect(asked).toHaveLength(answers + 1);
    expect(asked[stopBefore + 1]).toBe(asked[stopBefore]);
  }
}, 90_000);

test('a clean stop gives runs back, and another worker goes on with them at once', async () => {
  await using host = await testInsights({ role: 'web' });
  const tenantId = await host.tenant('Handed over');
  let isHeld = true;
  const reached = Promise.withResolvers<void>();
  await using system = await runAcme(acmeOf(35), async (path) => {
    if (!isHeld || !path.includes('after=20')) return;
    reached.resolve();
    await new Promise(() => undefined);
  });
  const worker = await host.another({ role: 'worker' });
  const connectionId = await connect(host.operator, tenantId, system.settings);
  await reached.promise;
  const before = Date.now();
  await worker.close();
  expect(Date.now() - before).toBeLessThan(5_000);
  const { body } = await host.operator.get(`/api/tenants/${tenantId}/connections/${connectionId}/runs`);
  expect(body.items[0]).toMatchObject({
    state: 'queued',
    reason: 'resume',
    streams: [{ stream: 'people', pages: 2 }, {}, {}, {}, {}],
  });
  isHeld = false;
  await host.another({ role: 'worker' });
  const run = await runOver(host.operator, tenantId, connectionId);
  expect(run).toMatchObject({
    state: 'succeeded',
    streams: [{ stream: 'people', pages: 4, records: 35 }, {}, {}, {}, {}],
  });
  expect(await eventually(() => inventoryOf(host.database, tenantId))).toHaveLength(43);
});
