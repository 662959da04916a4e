import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acmeOf } from '../testing/acme.ts';
import { connect, runAcme, runOver, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let system: Awaited<ReturnType<typeof runAcme>>;
beforeAll(async () => {
  host = await testInsights();
  system = await runAcme(acmeOf(12));
});
afterAll(async () => {
  await system.close();
  await host.close();
});

test('the dormant tile says the days of the setting and counts by them, at once after it is changed', async () => {
  const tenantId = await host.tenant('Dormant');
  const reader = await host.person(tenantId, 'reader');
  const tile = async () => (await reader.get(`/api/tenants/${tenantId}/dashboard`)).body.dormant;
  const set = (dormantDays: number) =>
    host.operator.ask('PATCH', `/api/tenants/${tenantId}/settings`, { body: { dormantDays } });
  // Nothing is counted yet.
  await set(90);
  expect(await tile()).toMatchObject({ value: 0, days: 90 });

  await runOver(host.operator, tenantId, await connect(host.operator, tenantId, system.settings));
  await host.database.tenant(tenantId, (tx) =>
    sql`update accounts set last_active_at = now() - make_interval(days => 10 * right(id, 4)::int)`.execute(tx),
  );
  await set(75);
  expect(await tile()).toMatchObject({ value: 4, days: 75 });
  await set(15);
  const { value, href } = await tile();
  const { search } = new URL(href, host.url);
  const list = await reader.get(`/api/tenants/${tenantId}/inventory/accounts${search}`);
  expect([value, list.body.total.value]).toEqual([10, 10]);
  expect((await reader.get('/api/tenants')).body).toMatchObject([{ tenantId, dormantDays: 15 }]);
});
