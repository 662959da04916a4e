import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, inventoryOf, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
beforeAll(async () => {
  host = await testInsights();
});
afterAll(() => host.close());

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
  const detail = await host.operator.get(`/api/tenants/${tenantId}/connections/${connectionId}`);
  expect(detail.body).toMatchObject({ connectivity: 'connected', status: 'on', records: 33, runningRunId: null });
});
