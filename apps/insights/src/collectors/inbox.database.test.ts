import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { collecting, endOf, pageOf, startCollector, users } from '../testing/collector.ts';
import { collectorBench } from '../testing/collector-bench.ts';
import { testInsights } from '../testing/test-insights.ts';

let bench: Awaited<ReturnType<typeof collectorBench>>;
let host: typeof bench.host;
beforeAll(async () => {
  bench = await collectorBench();
  ({ host } = bench);
});
afterAll(() => host.close());

describe('a batch', () => {
  test('that is sent again is known and kept once, and one that does not follow is told where the stream stands', async () => {
    const tenantId = await host.tenant('Order');
    const { collector } = await startCollector(host.operator, tenantId);
    expect(await bench.statuses(collector, pageOf(5, 0, [1]), pageOf(5, 0, [9]), pageOf(5, 1, [2]))).toEqual([
      'stored',
      'known',
      'stored',
    ]);
    for (const batch of [pageOf(5, 3, [4]), pageOf(4, 0, [4]), pageOf(6, 1, [4])]) {
      const answer = await collector.send(batch);
      expect(answer.status).toBe(409);
      expect(answer.body).toMatchObject({
        type: 'urn:gatehouse:problem:out-of-order',
        place: { generation: 5, next: 2 },
      });
    }
    expect((await collector.hello()).body.places).toEqual([{ stream: users, generation: 5, next: 2 }]);
    expect((await collector.send(endOf(5, 2))).status).toBe(200);
    await bench.isUsers(tenantId, ['u1', 'u2']);
  });

  test('of a stream of which nothing came must be the first', async () => {
    const tenantId = await host.tenant('Nothing yet');
    const { collector } = await startCollector(host.operator, tenantId);
    const answer = await collector.send(pageOf(5, 7, [1]));
    expect(answer.body).toMatchObject({ type: 'urn:gatehouse:problem:out-of-order', place: null });
  });

  test('that unpacks to gigabytes, is no batch, or is of an unknown stream is refused', async () => {
    const tenantId = await host.tenant('Bombs');
    const { collector } = await startCollector(host.operator, tenantId);
    const zeros = new Blob([new Uint8Array(200 * 2 ** 20)]).stream().pipeThrough(new CompressionStream('gzip'));
    const bomb = new Uint8Array(await new Response(zeros).arrayBuffer());
    for (const body of [bomb, new TextEncoder().encode('no gzip')]) {
      const answer = await collector.ask('POST', '/api/collector/batches', body);
      expect(answer.status).toBe(400);
    }
    const unknown = { ...pageOf(1, 0, [1]), stream: 'active-directory-other' };
    expect((await collector.send(unknown)).body.errors).toMatchObject([{ field: 'stream' }]);
    const wrong = { ...pageOf(1, 0, [1]), stream: 'active-directory-groups' };
    expect((await collector.send(wrong)).body.errors).toMatchObject([{ field: 'record' }]);
    const large = await collector.ask('POST', '/api/collector/batches', new Uint8Array(9 * 2 ** 20));
    expect(large.status).toBe(413);
  });

  test('is not taken while more waits than the server keeps', async () => {
    await using small = await testInsights({ ...collecting, role: 'web', inboxBytes: 10 });
    const tenantId = await small.tenant('Full');
    const { collector } = await startCollector(small.operator, tenantId);
    expect((await collector.send(pageOf(1, 0, [1]))).status).toBe(200);
    const answer = await collector.send(pageOf(1, 1, [2]));
    expect(answer.body.type).toBe('urn:gatehouse:problem:inbox-full');
    expect(answer.headers.get('retry-after')).toBe('30');
  });
});

test('a server that was restored from an older copy asks for what it lacks by saying where it stands', async () => {
  const tenantId = await host.tenant('Restored');
  const { collector } = await startCollector(host.operator, tenantId);
  await bench.statuses(collector, pageOf(7, 0, [1]), endOf(7, 1));
  await bench.isUsers(tenantId, ['u1']);
  // As it was after the page, before the end.
  await host.database.tenant(tenantId, async (tx) => {
    await sql`update stream_places set next = 1`.execute(tx);
    await sql`update stream_states set cursor = '7:0:open', midway = true, full_read_at = null
      where stream = ${users}`.execute(tx);
  });
  const answer = await collector.send(pageOf(7, 2, [2]));
  expect(answer.body).toMatchObject({ place: { generation: 7, next: 1 } });
  expect(await bench.statuses(collector, pageOf(8, 0, [2]), endOf(8, 1))).toEqual(['stored', 'stored']);
  await bench.isUsers(tenantId, ['-u1', 'u2']);
});

test('two copies of the server keep one order, one use of every number and one lease', async () => {
  const tenantId = await host.tenant('Two copies');
  const { collector } = await startCollector(host.operator, tenantId);
  const { url } = await host.another({ role: 'web', ...collecting });
  const batches = Array.from({ length: 10 }, (_, i) => pageOf(1, i, [i]));
  for (const batch of batches) {
    const answers = await Promise.all([collector.send(batch), collector.send(batch, url ?? '')]);
    const states = answers.flatMap(({ body }) => body.state ?? []);
    expect(states).toContain('stored');
    expect(states.filter((state) => state === 'stored')).toHaveLength(1);
  }
  const [first, second] = await Promise.all(
    [host.url, url ?? ''].map((to) => collector.ask('GET', '/api/collector/release', null, { nonce: 1_000, url: to })),
  );
  expect([first?.status, second?.status].toSorted()).toEqual([401, 404]);
  expect((await collector.ask('GET', '/api/collector/release', null, { nonce: 999 })).status).toBe(401);
  collector.count(1_000);
  await bench.statuses(collector, endOf(1, 10));
  await bench.isUsers(
    tenantId,
    [...batches.keys()].map((i) => `u${i}`),
  );
});
