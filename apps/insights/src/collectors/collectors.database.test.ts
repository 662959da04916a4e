import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addCollector,
  collecting,
  domain,
  endOf,
  events,
  eventsOf,
  type FakeCollector,
  fakeCollector,
  faultOf,
  pageOf,
  startCollector,
  users,
} from '../testing/collector.ts';
import { eventually, type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
beforeAll(async () => {
  host = await testInsights({ ...collecting, afterRead: [] });
});
afterAll(() => host.close());

const at = (tenantId: string, connectionId: string) => `/api/tenants/${tenantId}/connections/${connectionId}`;

/** What the inventory of a tenant has of the users: `u1`, and `-u1` for one that is gone. */
const usersOf = (tenantId: TenantId, connectionId?: string) =>
  host.database.tenant(tenantId, async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select case when gone_at is null then id else '-' || id end as id from accounts
      where ${connectionId ?? null}::uuid is null or connection_id = ${connectionId ?? null}::uuid order by accounts.id`.execute(
      tx,
    );
    return rows.map(({ id }) => id);
  });
const isUsers = (tenantId: TenantId, ids: readonly string[], connectionId?: string) =>
  eventually(async () => {
    const { rows } =
      await sql`select from runs where tenant_id = ${tenantId} and state in ('queued', 'running')`.execute(
        host.database.owner,
      );
    return rows.length === 0 && (await usersOf(tenantId, connectionId)).join() === ids.join();
  });
const detailOf = async (tenantId: string, connectionId: string) =>
  (await host.operator.get(at(tenantId, connectionId))).body;
const statuses = async (collector: FakeCollector, ...batches: Parameters<FakeCollector['send']>[0][]) => {
  const answers = [];
  for (const batch of batches) {
    const { status, body } = await collector.send(batch);
    answers.push(status === 200 ? body.state : `${status} ${body.type.split(':').at(-1)}`);
  }
  return answers;
};

test('a collector goes the whole way: key, registration, hello, batches, a run, the inventory, and what is gone', async () => {
  const tenantId = await host.tenant('The whole way');
  const { connectionId, key, answer } = await addCollector(host.operator, tenantId);
  expect(answer.body.installation).toMatchObject({ command: `npx gatehouse collector install --server ${host.url}` });
  expect(answer.body.installation.command).not.toContain(key);
  expect(await detailOf(tenantId, connectionId)).toMatchObject({ connectivity: 'pending', agent: 'collector' });

  const collector = await fakeCollector(host.url);
  const registered = await collector.register(key);
  expect(registered.body).toMatchObject({ collectorId: connectionId, name: 'Head office' });
  expect(Buffer.from(registered.body.releaseKey, 'base64')).toHaveLength(32);
  const hello = await collector.hello();
  expect(hello.body).toMatchObject({ heldBy: [], places: [], runNow: [], offers: null });
  expect(hello.body.leases).toMatchObject([{ source: domain.id }]);
  expect(await detailOf(tenantId, connectionId)).toMatchObject({ connectivity: 'connected', point: 'SERVER1' });

  expect(await statuses(collector, pageOf(1, 0, [1, 2]), pageOf(1, 1, [3]), endOf(1, 2))).toEqual(
    Array(3).fill('stored'),
  );
  await isUsers(tenantId, ['u1', 'u2', 'u3']);
  const detail = await detailOf(tenantId, connectionId);
  expect(detail).toMatchObject({ connectivity: 'connected', records: 3 });
  expect(detail.streams).toMatchObject([
    { stream: users, title: 'Active Directory: Users', health: 'connected', records: 3 },
    { title: 'Active Directory: Groups', health: 'not_checked' },
    { stream: events, health: 'not_checked' },
  ]);
  // A change, a deletion that the domain told of, and a whole new read in which one is missing.
  expect(await statuses(collector, pageOf(1, 3, [4], [1]))).toEqual(['stored']);
  await isUsers(tenantId, ['-u1', 'u2', 'u3', 'u4']);
  expect(await statuses(collector, pageOf(2, 0, [2, 4]), endOf(2, 1))).toEqual(['stored', 'stored']);
  await isUsers(tenantId, ['-u1', 'u2', '-u3', 'u4']);
  expect(await statuses(collector, eventsOf(1, 0, ['e1', 'e2']))).toEqual(['stored']);
  await eventually(async () => (await detailOf(tenantId, connectionId)).streams[2].records === 2);

  const audit = await host.operator.get(`/api/tenants/${tenantId}/audit?limit=20`);
  const actions = audit.body.items.map((item: { action: string }) => item.action);
  expect(actions).toEqual(
    expect.arrayContaining(['collector.key.create', 'collector.key.use', 'collector.register', 'collector.lease']),
  );
  expect(audit.text).not.toContain(key);
  expect(host.log.join('\n')).not.toContain(key);
});

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
    const route = `${at(tenantId, closed.connectionId)}/collector/keys`;
    expect((await host.operator.ask('DELETE', route)).status).toBe(204);
    const deleted = await addCollector(host.operator, tenantId, 'Deleted');
    await host.operator.ask('DELETE', at(tenantId, deleted.connectionId));
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

  test('may be replaced until one was used, and the one before ends', async () => {
    const tenantId = await host.tenant('New keys');
    const { connectionId, key } = await addCollector(host.operator, tenantId);
    const route = `${at(tenantId, connectionId)}/collector/keys`;
    const renewed = await host.operator.post(route, {});
    expect(renewed.status).toBe(201);
    const collector = await fakeCollector(host.url);
    expect((await collector.register(key)).status).toBe(401);
    expect((await collector.register(renewed.body.key)).status).toBe(200);
    const again = await host.operator.post(route, {});
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain('create another connector');
    const { body } = await host.operator.get(`${at(tenantId, connectionId)}/collector`);
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

  test('needs no Origin, and a cookie or key of a person does not replace its signature', async () => {
    const answer = await host.operator.post('/api/collector/hello', {}, { headers: { origin: undefined } });
    expect(answer.body.type).toBe('urn:gatehouse:problem:not-recognised');
  });
});

describe('a batch', () => {
  test('that is sent again is known and kept once, and one that does not follow is told where the stream stands', async () => {
    const tenantId = await host.tenant('Order');
    const { collector } = await startCollector(host.operator, tenantId);
    expect(await statuses(collector, pageOf(5, 0, [1]), pageOf(5, 0, [9]), pageOf(5, 1, [2]))).toEqual([
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
    await isUsers(tenantId, ['u1', 'u2']);
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

describe('a read', () => {
  test('that is not finished, or has a gap, deletes nothing', async () => {
    const tenantId = await host.tenant('Gaps');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    await statuses(collector, pageOf(1, 0, [1, 2, 3]), endOf(1, 1));
    await isUsers(tenantId, ['u1', 'u2', 'u3']);
    await statuses(collector, pageOf(2, 0, [1, 4]));
    await isUsers(tenantId, ['u1', 'u2', 'u3', 'u4']);
    // The next one is lost on our side: what follows it must not close the read.
    await statuses(collector, pageOf(2, 1, [2]));
    await isUsers(tenantId, ['u1', 'u2', 'u3', 'u4']);
    await host.database.tenant(tenantId, (tx) => sql`update stream_places set next = 3`.execute(tx));
    await statuses(collector, endOf(2, 3));
    // It is sent from the beginning again.
    await eventually(async () => (await collector.hello()).body.places.length === 0);
    expect(await usersOf(tenantId)).toEqual(['u1', 'u2', 'u3', 'u4']);
    expect((await detailOf(tenantId, connectionId)).connectivity).toBe('connected');
    await statuses(collector, pageOf(3, 0, [1]), endOf(3, 1));
    await isUsers(tenantId, ['u1', '-u2', '-u3', '-u4']);
  });

  test('shows the fault that ended it on its stream, with the caveats of the last whole one, until it goes on', async () => {
    const tenantId = await host.tenant('Faults');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const caveats = [{ code: 'partly', advice: 'Two objects were too large.' }];
    await statuses(collector, pageOf(1, 0, [1]), endOf(1, 1, caveats));
    await isUsers(tenantId, ['u1']);
    const whole = await detailOf(tenantId, connectionId);
    expect(whole).toMatchObject({ connectivity: 'warning', caveats });
    await statuses(collector, pageOf(1, 2, [2]), faultOf(1, 3));
    await isUsers(tenantId, ['u1', 'u2']);
    const failed = await eventually(async () => {
      const detail = await detailOf(tenantId, connectionId);
      return detail.streams[0].health === 'warning' && detail;
    });
    expect(failed.streams[0].advice).toContain('grant a domain user');
    await statuses(collector, pageOf(1, 4, [3]));
    await isUsers(tenantId, ['u1', 'u2', 'u3']);
    await eventually(async () => (await detailOf(tenantId, connectionId)).streams[0].advice === caveats[0]?.advice);
  });

  test('waits for a collector that says it is at it, and says so', async () => {
    const tenantId = await host.tenant('Waits');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const state = (state: 'reading' | 'idle') => ({
      streams: [{ stream: users, source: domain.id, state, readAt: null, nextAt: null }],
    });
    await collector.hello(state('reading'));
    await statuses(collector, pageOf(1, 0, [1]));
    await eventually(async () => {
      const { body } = await host.operator.get(`${at(tenantId, connectionId)}/runs`);
      return body.items[0].waiting?.text === 'Waiting for the collector on SERVER1';
    });
    await statuses(collector, endOf(1, 1));
    await collector.hello(state('idle'));
    await isUsers(tenantId, ['u1']);
    const { body } = await host.operator.get(`${at(tenantId, connectionId)}/runs`);
    expect(body.items).toMatchObject([{ state: 'succeeded', streams: [{ pages: 2, records: 1 }] }]);
  });
});

describe('"Run now"', () => {
  test('asks the collector with its next hello, until it reads', async () => {
    const tenantId = await host.tenant('Now');
    const { collector, connectionId } = await startCollector(host.operator, tenantId);
    const asked = await host.operator.post(`${at(tenantId, connectionId)}/runs`, { streams: [users] });
    expect(asked.status).toBe(202);
    expect((await collector.hello()).body).toMatchObject({ runNow: [users], everyMs: 2_000 });
    expect((await collector.hello()).body.runNow).toEqual([users]);
    const reading = { stream: users, source: domain.id, state: 'reading', readAt: null, nextAt: null } as const;
    expect((await collector.hello({ streams: [reading] })).body).toMatchObject({ runNow: [], everyMs: 15_000 });
    await statuses(collector, pageOf(1, 0, [1]), endOf(1, 1));
    await collector.hello({ streams: [{ ...reading, state: 'idle' }] });
    await isUsers(tenantId, ['u1']);
  });

  test('says why a collector that is not there, or reads nothing of its own, cannot be asked', async () => {
    const tenantId = await host.tenant('Not now');
    const { connectionId } = await addCollector(host.operator, tenantId);
    const runs = `${at(tenantId, connectionId)}/runs`;
    expect((await host.operator.post(runs, {})).body.detail).toContain('No collector has registered');
    await startCollector(host.operator, tenantId, 'First');
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    const answer = await host.operator.post(`${at(tenantId, second.connectionId)}/runs`, {});
    expect(answer.body.detail).toContain('stands by');
  });
});

describe('one domain', () => {
  const expire = (tenantId: TenantId) =>
    host.database.tenant(tenantId, (tx) =>
      sql`update collector_sources set held_until = now() - interval '1 second'`.execute(tx),
    );

  test('is read by one collector, the next takes over when it falls silent, and its records stay where they were', async () => {
    const tenantId = await host.tenant('Takeover');
    const first = await startCollector(host.operator, tenantId, 'First');
    await statuses(first.collector, pageOf(1, 0, [1, 2]), endOf(1, 1));
    await isUsers(tenantId, ['u1', 'u2']);
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    expect(second.hello.body).toMatchObject({ leases: [], heldBy: [{ source: domain.id, collector: 'First' }] });
    expect(await statuses(second.collector, pageOf(2, 0, [1]))).toEqual(['409 not-leased']);
    const { body: standing } = await host.operator.get(`${at(tenantId, second.connectionId)}/collector`);
    expect(standing.sources).toMatchObject([{ state: 'standing_by', reader: 'First', home: 'First' }]);

    await expire(tenantId);
    const taken = await second.collector.hello();
    expect(taken.body).toMatchObject({ heldBy: [], places: [{ stream: users, generation: 1, next: 2 }] });
    await statuses(second.collector, pageOf(2, 0, [2, 3]), endOf(2, 1));
    await isUsers(tenantId, ['-u1', 'u2', 'u3'], first.connectionId);
    expect(await usersOf(tenantId, second.connectionId)).toEqual([]);
    expect(await statuses(first.collector, pageOf(3, 0, [9]))).toEqual(['409 not-leased']);
    expect((await first.collector.hello()).body.heldBy).toEqual([{ source: domain.id, collector: 'Second' }]);
    const { body } = await host.operator.get(`${at(tenantId, first.connectionId)}/collector`);
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
    await statuses(first.collector, pageOf(1, 0, [1]), endOf(1, 1));
    await isUsers(tenantId, ['u1'], first.connectionId);
    expect((await host.operator.ask('DELETE', at(tenantId, first.connectionId))).status).toBe(204);
    const gone = await first.collector.hello();
    expect([gone.status, gone.body.type]).toEqual([410, 'urn:gatehouse:problem:removed']);
    const taken = await second.collector.hello();
    expect(taken.body).toMatchObject({ heldBy: [], places: [], leases: [{ source: domain.id }] });
    await statuses(second.collector, pageOf(9, 0, [1, 2]), endOf(9, 1));
    await isUsers(tenantId, ['u1', 'u2'], second.connectionId);
    await eventually(async () => (await usersOf(tenantId, first.connectionId)).length === 0);
    expect((await first.collector.hello()).status).toBe(410);
  });

  test('that a collector no longer names is free at once, and another one of the kind takes its place in the connection', async () => {
    const tenantId = await host.tenant('Another domain');
    const first = await startCollector(host.operator, tenantId, 'First');
    await statuses(first.collector, pageOf(1, 0, [1]), endOf(1, 1));
    await isUsers(tenantId, ['u1']);
    const other = { ...domain, id: 'S-1-5-21-9-9-9', name: 'other.example' };
    expect((await first.collector.hello({ sources: [other] })).body).toMatchObject({
      leases: [{ source: other.id }],
      places: [],
    });
    expect(await statuses(first.collector, pageOf(2, 0, [2]))).toEqual(['409 not-leased']);
    const ofOther = (batch: ReturnType<typeof pageOf>) => ({ ...batch, source: other.id });
    await statuses(first.collector, ofOther(pageOf(3, 0, [2])), ofOther(endOf(3, 1)));
    await isUsers(tenantId, ['-u1', 'u2']);
    const second = await startCollector(host.operator, tenantId, 'Second', 'SERVER2');
    expect(second.hello.body).toMatchObject({ leases: [{ source: domain.id }], places: [] });
  });
});

test('a server that was restored from an older copy asks for what it lacks by saying where it stands', async () => {
  const tenantId = await host.tenant('Restored');
  const { collector } = await startCollector(host.operator, tenantId);
  await statuses(collector, pageOf(7, 0, [1]), endOf(7, 1));
  await isUsers(tenantId, ['u1']);
  // As it was after the page, before the end.
  await host.database.tenant(tenantId, async (tx) => {
    await sql`update stream_places set next = 1`.execute(tx);
    await sql`update stream_states set cursor = '7:0:open', midway = true, full_read_at = null
      where stream = ${users}`.execute(tx);
  });
  const answer = await collector.send(pageOf(7, 2, [2]));
  expect(answer.body).toMatchObject({ place: { generation: 7, next: 1 } });
  expect(await statuses(collector, pageOf(8, 0, [2]), endOf(8, 1))).toEqual(['stored', 'stored']);
  await isUsers(tenantId, ['-u1', 'u2']);
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
  await statuses(collector, endOf(1, 10));
  await isUsers(
    tenantId,
    [...batches.keys()].map((i) => `u${i}`),
  );
});

test('a worker that is killed in the middle of a read loses and repeats nothing', async () => {
  await using web = await testInsights({ ...collecting, role: 'web', afterRead: [] });
  const tenantId = await web.tenant('Killed');
  const { collector, connectionId } = await startCollector(web.operator, tenantId);
  for (let i = 0; i < 6; i++) await collector.send(pageOf(1, i, [i]));
  const worker = await web.another({ role: 'worker', ...collecting, afterRead: [] });
  await eventually(async () => {
    const { body } = await web.operator.get(at(tenantId, connectionId));
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

test('cannot be turned off, tested from here or found among what reads by itself', async () => {
  const tenantId = await host.tenant('Menu');
  const { connectionId } = await startCollector(host.operator, tenantId);
  const off = await host.operator.ask('PATCH', at(tenantId, connectionId), { body: { enabled: false } });
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
