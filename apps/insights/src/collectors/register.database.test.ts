import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCollector, fakeCollector, pageOf, startCollector } from '../testing/collector.ts';
import { collectorBench } from '../testing/collector-bench.ts';

let bench: Awaited<ReturnType<typeof collectorBench>>;
let host: typeof bench.host;
beforeAll(async () => {
  bench = await collectorBench();
  ({ host } = bench);
});
afterAll(() => host.close());

describe('an installation key', () => {
  test('that is missing, wrong, expired, closed or used gives one answer', async () => {
    const tenantId = await host.tenant('Keys');
    const { key: used } = await startCollector(host.operator, tenantId);
    const expired = await addCollector(host.operator, tenantId, 'Expired');
    await host.database.tenant(tenantId, (tx) =>
      sql`update installation_keys set expires_at = now() - interval '1 second'
        where connection_id = ${expired.connectionId}`.execute(tx),
    );
    const closed = await addCollector(host.operator, tenantId, 'Closed');
    const route = `${bench.at(tenantId, closed.connectionId)}/collector/keys`;
    expect((await host.operator.ask('DELETE', route)).status).toBe(204);
    const deleted = await addCollector(host.operator, tenantId, 'Deleted');
    await host.operator.ask('DELETE', bench.at(tenantId, deleted.connectionId));
    const wrong = `${used.slice(0, -1)}${used.endsWith('A') ? 'B' : 'A'}`;
    const collector = await fakeCollector(host.url);
    const answers = [];
    for (const key of [used, expired.key, closed.key, deleted.key, wrong, 'short', '']) {
      answers.push(await collector.register(key));
    }
    answers.push(await collector.register('x', { installationKey: null }));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    const bare = answers.map(({ body: { requestId: _, ...body } }) => JSON.stringify(body));
    expect(new Set(bare).size).toBe(1);
    expect(bare[0]).toContain('installation-key');
  });

  test('cannot be guessed: one address has a few tries a minute', async () => {
    const collector = await fakeCollector(host.url);
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, i) => collector.register(`${'guess'.repeat(8)}${i}`)),
    );
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(30);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(10);
  });

  test('may be replaced until one was used, and the one before ends', async () => {
    const tenantId = await host.tenant('New keys');
    const { connectionId, key } = await addCollector(host.operator, tenantId);
    const route = `${bench.at(tenantId, connectionId)}/collector/keys`;
    const renewed = await host.operator.post(route, {});
    expect(renewed.status).toBe(201);
    const collector = await fakeCollector(host.url);
    expect((await collector.register(key)).status).toBe(401);
    expect((await collector.register(renewed.body.key)).status).toBe(200);
    const again = await host.operator.post(route, {});
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('create another connector');
    const { body } = await host.operator.get(`${bench.at(tenantId, connectionId)}/collector`);
    expect(body).toMatchObject({ key: { state: 'used' }, device: { host: 'SERVER1' } });
  });

  test('may be used again by the very device whose answer was lost, and registers once when two try at the same time', async () => {
    const tenantId = await host.tenant('Lost answers');
    const { key } = await addCollector(host.operator, tenantId);
    const [one, other] = await Promise.all([fakeCollector(host.url), fakeCollector(host.url)]);
    const answers = await Promise.all([one.register(key), other.register(key)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 401]);
    const winner = answers[0]?.status === 200 ? one : other;
    const again = await winner.register(key);
    expect(again.status).toBe(200);
    expect((await winner.hello()).status).toBe(200);
  });
});

describe('a message', () => {
  test('counts once: the same one, an older number and another time are stale', async () => {
    const tenantId = await host.tenant('Replays');
    const { collector } = await startCollector(host.operator, tenantId);
    const body = new TextEncoder().encode('{}');
    for (const tamper of [{ nonce: 1 }, { createdAt: new Date(Date.now() - 11 * 60_000), nonce: 50 }]) {
      const answer = await collector.ask('GET', '/api/collector/release', null, tamper);
      expect(answer.body.type, JSON.stringify(tamper)).toBe('urn:gatehouse:problem:stale');
      expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(Date.now() - 60_000);
    }
    const replay = { nonce: 100 };
    expect((await collector.ask('GET', '/api/collector/release', null, replay)).status).toBe(404);
    expect((await collector.ask('GET', '/api/collector/release', null, replay)).status).toBe(401);
    expect((await collector.ask('POST', '/api/collector/hello', body, { nonce: 101 })).status).toBe(400);
  });

  test('of another key, of nobody, or changed on the way is not recognised and changes nothing', async () => {
    const tenantId = await host.tenant('Forgeries');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const stranger = await fakeCollector(host.url);
    stranger.id = connectionId;
    const other = await startCollector(host.operator, tenantId, 'Another');
    const forged = new TextEncoder().encode('forged');
    const answers = [
      await stranger.send(pageOf(1, 0, [1])),
      await collector.ask('POST', '/api/collector/batches', forged, { body: new TextEncoder().encode('changed') }),
      await collector.ask('POST', '/api/collector/hello', forged, { path: '/api/collector/batches' }),
      await collector.ask('POST', '/api/collector/batches', forged, { keyId: other.connectionId }),
      await collector.ask('POST', '/api/collector/batches', forged, { keyId: crypto.randomUUID() }),
    ];
    for (const answer of answers) expect(answer.body.type).toBe('urn:gatehouse:problem:not-recognised');
    const { rows } = await sql`select from inbox where tenant_id = ${tenantId}`.execute(host.database.owner);
    expect(rows).toHaveLength(0);
  });

  test('of a collector whose connection is off is refused with a code that its program can act on', async () => {
    const tenantId = await host.tenant('Off');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await host.database.tenant(tenantId, (tx) =>
      sql`update connections set enabled = false where connection_id = ${connectionId}`.execute(tx),
    );
    const answer = await collector.hello();
    expect([answer.status, answer.body.type]).toEqual([403, 'urn:gatehouse:problem:turned-off']);
  });

  test('needs no Origin, and a cookie or key of a person does not replace its signature', async () => {
    const answer = await host.operator.post('/api/collector/hello', {}, { headers: { origin: undefined } });
    expect(answer.body.type).toBe('urn:gatehouse:problem:not-recognised');
  });
});

test('cannot be turned off, tested from here or found among what reads by itself', async () => {
  const tenantId = await host.tenant('Menu');
  const { connectionId } = await startCollector(host.operator, tenantId);
  const off = await host.operator.ask('PATCH', bench.at(tenantId, connectionId), { body: { enabled: false } });
  expect([off.status, off.body.detail]).toEqual([409, expect.stringContaining('cannot be turned off')]);
  const tried = await host.operator.post(`/api/tenants/${tenantId}/connections/test`, {
    ...{ connector: 'insights-collector', settings: {} },
  });
  expect(tried.status).toBe(422);
  const { body } = await host.operator.get('/api/connectors');
  expect(body.map(({ id }: { id: string }) => id)).toEqual(['acme', 'insights-collector']);
  const direct = { connector: 'active-directory', name: 'Direct', settings: {} };
  expect((await host.operator.post(`/api/tenants/${tenantId}/connections`, direct)).status).toBe(400);
});
