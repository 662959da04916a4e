import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHost, type HttpOptions, type Wait } from '../src/index.ts';
import { readLimits, retryAfter } from '../src/limits.ts';
import { nextLink } from '../src/pinning.ts';
import { isSecretName, isSecretShaped, redact } from '../src/redact.ts';
import { createTestClock, type FakeServer, type Reply, reply, startServer } from '../src/testing/index.ts';

const minute = 60_000;
const now = new Date('2026-03-01T12:00:00Z');
const epoch = (ms: number) => String(Math.floor((now.getTime() + ms) / 1_000));
const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** The system's clock is `skewMs` ahead of ours. */
const setUp = async (routes: Record<string, Reply>, options: Partial<HttpOptions> = {}, skewMs = 0) => {
  const clock = createTestClock(now);
  const dated = Object.fromEntries(
    Object.entries(routes).map(([path, answer]): [string, Reply] => [
      path,
      (arrived, response) => {
        response.setHeader('date', new Date(clock.now().getTime() + skewMs).toUTCString());
        return answer(arrived, response);
      },
    ]),
  );
  const server = await startServer(dated);
  servers.push(server);
  const waits: Wait[] = [];
  const host = createHost({ signal: new AbortController().signal, clock, onWait: (list) => waits.push(...list) });
  const http = host.http({ origin: server.origin, system: 'Okta', ...options });
  const counts: number[] = [];
  clock.onSleep(() => void counts.push(server.requests.length));
  return { clock, server, http, waits, host, counts };
};
const anything = z.unknown();

/** Holds its answers back until `size` requests are inside, and a little longer, so that one too many would show. */
const crowdOf = (size: number) => {
  let inside = 0;
  let most = 0;
  const full = Promise.withResolvers<void>();
  const answer: Reply = async (arrived, response) => {
    most = Math.max(most, ++inside);
    if (inside === size) full.resolve();
    await full.promise;
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    inside--;
    await reply.json(1)(arrived, response);
  };
  return { reply: answer, most: () => most };
};

describe('a used-up limit', () => {
  test.each([
    ['Okta', { 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch(40_000) }],
    ['GitHub', { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(40_000) }],
    ['the RFC draft', { ratelimit: '"default";r=0;t=40' }],
    [
      'the older RFC draft',
      { 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '0', 'ratelimit-reset': '40' },
    ],
  ])('told in the words of %s makes every request wait until its reset', async (_, headers) => {
    const { http, clock, waits, counts, host } = await setUp({ '/a': reply.json(1, headers), '/b': reply.json(2) });
    await http.get('/a', anything);
    await Promise.all([http.get('/b', anything), http.get('/b', anything)]);
    expect(clock.slept.at(0)).toBeGreaterThanOrEqual(40_000);
    expect(clock.slept.at(0)).toBeLessThanOrEqual(42_000);
    expect(counts).toEqual(counts.map(() => 1));
    expect(waits[0]).toMatchObject({ system: 'Okta', reason: 'rate-limit', until: new Date(now.getTime() + 41_000) });
    expect(host.limits()[0]).toMatchObject({ system: 'Okta', remaining: 0 });
    expect(host.waits()).toEqual([]);
  });

  test.each([10, -10])("is waited for by the system's clock when ours is %i minutes off", async (minutes) => {
    const skewMs = minutes * minute;
    const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch(skewMs + 40_000) };
    const { http, clock } = await setUp({ '/a': reply.json(1, headers), '/b': reply.json(2) }, {}, skewMs);
    await http.get('/a', anything);
    await http.get('/b', anything);
    expect(clock.slept).toHaveLength(1);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(40_000);
    expect(clock.slept[0]).toBeLessThanOrEqual(42_000);
  });

  test('of one bucket leaves the others alone', async () => {
    const headers = { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': epoch(40_000) };
    const { http, clock } = await setUp(
      { '/a': reply.json(1, headers), '/b': reply.json(2) },
      { bucket: ({ url }) => url.pathname },
    );
    await http.get('/a', anything);
    await http.get('/b', anything);
    expect(clock.slept).toEqual([]);
  });

  test('that opens only after more than a quarter of an hour is a throttled fault', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(50 * minute) };
    const { http, clock, server } = await setUp({ '/a': reply.json(1, headers), '/b': reply.json(2) });
    await http.get('/a', anything);
    const error = await http.get('/b', anything).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ kind: 'throttled' });
    expect(clock.slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  test('that is near lets no more requests go at once than it has left', async () => {
    const crowd = crowdOf(2);
    const headers = { 'x-rate-limit-remaining': '2', 'x-rate-limit-reset': epoch(40_000) };
    const { http } = await setUp({ '/a': reply.json(1, headers), '/b': crowd.reply }, { concurrency: 8 });
    await http.get('/a', anything);
    await Promise.all(Array.from({ length: 8 }, () => http.get('/b', anything)));
    expect(crowd.most()).toBe(2);
  });
});

describe('a refusal for the limit', () => {
  test.each([
    ['429 with seconds', 429, { 'retry-after': '30' }],
    ['429 with a date', 429, { 'retry-after': new Date(now.getTime() + 30_000).toUTCString() }],
    ["GitHub's secondary limit as 403", 403, { 'retry-after': '30' }],
    ["GitHub's used-up limit as 403", 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': epoch(30_000) }],
  ])('%s is honoured: nothing is sent before', async (_, status, headers) => {
    const { http, clock, server, counts } = await setUp({
      '*': reply.inTurn(reply.status(status, {}, headers), reply.json('fine')),
    });
    expect(await http.get('/a', anything)).toBe('fine');
    expect(clock.slept[0]).toBeGreaterThanOrEqual(30_000);
    expect(counts).toEqual([1]);
    expect(server.requests).toHaveLength(2);
  });

  test('without a word about time is followed by a growing wait, and ends', async () => {
    const { http, clock, server } = await setUp({ '*': reply.status(429) });
    await expect(http.get('/a', anything)).rejects.toMatchObject({ kind: 'throttled' });
    expect(server.requests).toHaveLength(5);
    for (const ms of clock.slept) expect(ms).toBeGreaterThanOrEqual(1_000);
  });

  test('a plain 403 is not one', async () => {
    const headers = { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': epoch(minute) };
    const { http, server } = await setUp({ '*': reply.status(403, {}, headers) });
    await expect(http.get('/a', anything)).rejects.toMatchObject({ kind: 'forbidden' });
    expect(server.requests).toHaveLength(1);
  });
});

test('no more requests than the concurrency are under way at once', async () => {
  const crowd = crowdOf(3);
  const { http } = await setUp({ '*': crowd.reply }, { concurrency: 3 });
  await Promise.all(Array.from({ length: 20 }, () => http.get('/a', anything)));
  expect(crowd.most()).toBe(3);
});

test('authorize is called again for every attempt', async () => {
  const seen: number[] = [];
  const { http } = await setUp(
    { '*': reply.inTurn(reply.status(503), reply.status(429, {}, { 'retry-after': '1' }), reply.json(1)) },
    { authorize: () => void seen.push(seen.length) },
  );
  await http.get('/a', anything);
  expect(seen).toHaveLength(3);
});

describe('headers', () => {
  test.each([
    ['<https://x/a?b=1,2>; rel="next"', 'https://x/a?b=1,2'],
    ['<https://x/1>; rel="self", <https://x/2>; rel=next', 'https://x/2'],
    ['<https://x/1>; title="a, b; rel=next"; rel="prev", <https://x/2>; rel="last next"', 'https://x/2'],
    ['<https://x/1>; rel="prev"', null],
    ['nonsense', null],
    [null, null],
  ])('the next link of %s is %s', (header, next) => {
    expect(nextLink(header)).toBe(next);
  });

  test('a date in the past asks for no wait, and nonsense asks for nothing', () => {
    expect(retryAfter(new Headers({ 'retry-after': 'Sun, 01 Mar 2026 11:00:00 GMT' }), now)).toBe(0);
    expect(retryAfter(new Headers({ 'retry-after': 'soon' }), now)).toBeNull();
    expect(readLimits({ status: 200, headers: new Headers() }, now)).toBeNull();
    expect(readLimits({ status: 200, headers: new Headers({ 'x-ratelimit-remaining': 'many' }) }, now)).toBeNull();
  });
});

describe('redaction', () => {
  test.each([
    'clientSecret',
    'client_secret',
    'password',
    'api-token',
    'accessToken',
    'privateKey',
    'API key',
    'Authorization',
    'hashed_token',
  ])('%s names a secret', (name) => expect(isSecretName(name)).toBe(true));
  test.each([
    'tokenExpiresAt',
    'passwordChanged',
    'secret_count',
    'token_type',
    'key',
    'publicKey',
    'keyId',
    'passwordless',
    'secretary',
  ])('%s names none', (name) => expect(isSecretName(name)).toBe(false));
  test('private keys and tokens are known by their shape', () => {
    const pem = `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(64)}\n-----END RSA PRIVATE KEY-----`;
    expect(isSecretShaped(pem)).toBe(true);
    expect(isSecretShaped(`ghp_${'a'.repeat(36)}`)).toBe(true);
    expect(isSecretShaped('Ada Lovelace, of no particular token')).toBe(false);
    expect(redact(`x ${pem} y`)).toBe('x [secret] y');
    expect(redact('Authorization: Bearer abcdefghijkl')).not.toContain('abcdefghijkl');
    expect(redact('{"client_secret":"a\\"b","ok":1}')).toBe('{"client_secret":[secret],"ok":1}');
  });
});
