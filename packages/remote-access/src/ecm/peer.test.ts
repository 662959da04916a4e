import { expect, test, vi } from 'vitest';
import { limits } from './limits.ts';
import { joinEcm, joinSite } from './testing/joined.ts';

const waits = (deadlineMs = 5_000) => ({ deadlineMs, correlation: 'c' });
const released = (lease: string) => ({ lease, why: 'expired' }) as const;

test('a side keeps no more requests under way than the other one takes, and loses none', async () => {
  let under = 0;
  let most = 0;
  const { ecm, site, greet } = joinEcm(
    {},
    {
      hello: { window: 3 },
      answers: async () => {
        most = Math.max(most, ++under);
        for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
        under--;
        return {};
      },
    },
  );
  const early = ecm.call('credentials.released', released('early'), waits());
  await greet();
  await Promise.all([
    early,
    ...Array.from({ length: 50 }, (_, i) => ecm.call('credentials.released', released(`l${i}`), waits())),
  ]);
  expect(most).toBe(3);
  expect(site.came).toHaveLength(52);
  expect(site.came[0]).toMatchObject({ method: 'hello' });
  site.tell('flow', { window: 10 });
  await ecm.call('credentials.released', released('between'), waits());
  await Promise.all(Array.from({ length: 50 }, (_, i) => ecm.call('credentials.released', released(`m${i}`), waits())));
  expect(most).toBe(10);
  expect(ecm.load()).toEqual({ calls: 0, served: 0, unsentBytes: 0 });
});

test('a caller is told what is left of its deadline, and gives up when it has passed', async () => {
  const { ecm, site, greet } = joinEcm({}, { hello: { window: 1 }, answers: () => new Promise(() => undefined) });
  await greet();
  const stop = new AbortController();
  const first = ecm.call('credentials.released', released('a'), { ...waits(60), signal: stop.signal });
  const second = ecm.call('credentials.released', released('b'), waits(30));
  await expect(second).rejects.toMatchObject({ kind: 'deadline' });
  await expect(first).rejects.toMatchObject({ kind: 'deadline' });
  await new Promise((resolve) => setImmediate(resolve));
  // The one without credit was never sent; the other was given up in words.
  expect(site.came.map(({ method }) => method)).toEqual(['hello', 'credentials.released', 'cancel']);
  expect(site.came[1]).toMatchObject({ params: { deadlineMs: expect.any(Number), correlation: 'c' } });
  expect(Object(site.came[2]?.params).id).toBe(site.came[1]?.id);
  // Its credit comes back with its answer, and not before.
  const third = ecm.call('credentials.released', released('c'), waits());
  site.raw(JSON.stringify({ jsonrpc: '2.0', id: site.came[1]?.id, error: { code: -32004, message: 'given up' } }));
  await vi.waitFor(() => expect(site.came).toHaveLength(4));
  stop.abort();
  site.raw(JSON.stringify({ jsonrpc: '2.0', id: site.came[3]?.id, result: { correlation: 'c' } }));
  await third;
  expect(ecm.load().calls).toBe(0);
});

test('a lost connection fails what is under way at once and stops its work', async () => {
  let aborted = false;
  const { ecm, site, greet } = joinEcm(
    {
      'health.check': (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
    },
    { answers: () => new Promise(() => undefined) },
  );
  await greet();
  void site.ask('health.check').catch(() => undefined);
  const call = ecm.call('credentials.released', released('a'), waits(60_000));
  await vi.waitFor(() => expect(ecm.load().served).toBe(1));
  ecm.end();
  await expect(call).rejects.toMatchObject({ kind: 'disconnected' });
  await expect(ecm.call('ping', {}, waits())).rejects.toMatchObject({ kind: 'disconnected' });
  expect(aborted).toBe(true);
  expect(ecm.load()).toMatchObject({ calls: 0, served: 0 });
});

test('a side that does not read is cut off before it costs much memory', async () => {
  const { ecm, site, greet, closed } = joinEcm({}, { send: () => new Promise(() => undefined) });
  await greet();
  for (let i = 0; i < 60_000 && closed.length === 0; i++) ecm.receive(`{"jsonrpc":"2.0","id":${i},"method":"nothing"}`);
  expect(closed).toEqual([{ code: 4413, reason: expect.any(String) }]);
  expect(ecm.load().unsentBytes).toBeLessThan(limits.unsentBytes + 1_000);
  void site;
});

test('a silent connection is found by a ping and closed', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  try {
    const pings: string[] = [];
    const { site, ecm, closed } = joinSite({}, (method) => {
      pings.push(method);
      return pings.length < 3 ? {} : new Promise(() => undefined);
    });
    await ecm.ask('hello', { name: 'n', version: '1', plugin: null, protocols: [1], window: 1 });
    await site.greeted;
    for (let i = 0; i < 4; i++) {
      await vi.advanceTimersByTimeAsync(60_000);
      for (let turns = 0; turns < 4; turns++) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.advanceTimersByTimeAsync(11_000);
    expect(pings).toEqual(['ping', 'ping', 'ping']);
    expect(closed).toEqual([{ code: 4408, reason: 'A ping was not answered.' }]);
  } finally {
    vi.useRealTimers();
  }
});

test('an answer that is none of the method, or far too large, is a failure of that call alone', async () => {
  const answers = [{ live: 'not a list' }, { live: ['a'] }];
  const { ecm, greet, site } = joinEcm(
    { 'credentials.list': async () => ({ credentials: Array(400).fill(large), truncated: false }) },
    { answers: () => answers.shift() ?? {} },
  );
  await greet();
  const lists = { leases: [], last: true };
  await expect(ecm.call('leases.open', lists, waits())).rejects.toMatchObject({ kind: 'unexpected', field: 'live' });
  expect(await ecm.call('leases.open', lists, waits())).toEqual({ correlation: 'c', live: ['a'] });
  const endpoint = { hostname: 'h', address: null, domain: null };
  await expect(site.ask('credentials.list', { person: 'p', endpoint })).rejects.toMatchObject({ code: -32002 });
});

const large = {
  credential: 'c'.repeat(500),
  kind: 'password',
  username: 'u',
  label: 'l'.repeat(500),
  needsApproval: false,
} as const;
