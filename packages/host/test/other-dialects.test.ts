import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHost, type HttpOptions, resumesAt, type Wait } from '../src/index.ts';
import { readLimits, retryAfter } from '../src/limits.ts';
import { nextLink } from '../src/pinning.ts';
import { createTestClock, type FakeServer, type Reply, reply, startServer } from '../src/testing/index.ts';

const now = new Date('2026-03-01T12:00:00Z');
const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const setUp = async (routes: Record<string, Reply>, options: Partial<HttpOptions> = {}) => {
  const clock = createTestClock(now);
  const dated = Object.entries(routes).map(([path, answer]): [string, Reply] => [
    path,
    (arrived, response) => {
      response.setHeader('date', clock.now().toUTCString());
      return answer(arrived, response);
    },
  ]);
  const server = await startServer(Object.fromEntries(dated));
  servers.push(server);
  const waits: Wait[] = [];
  const host = createHost({ signal: new AbortController().signal, clock, onWait: (list) => waits.push(...list) });
  return { clock, server, waits, http: host.http({ origin: server.origin, system: 'GitHub', ...options }) };
};
const anything = z.unknown();

describe('a server that is in trouble', () => {
  test.each([408, 500, 520, 522, 524])('and says %i is asked again', async (status) => {
    const { http, server } = await setUp({ '*': reply.inTurn(reply.status(status), reply.json('fine')) });
    expect(await http.get('/x', anything)).toBe('fine');
    expect(server.requests).toHaveLength(2);
  });

  test.each([501, 505])('and says %i, which stays so, is asked once', async (status) => {
    const { http, server } = await setUp({ '*': reply.status(status) });
    await expect(http.get('/x', anything)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(server.requests).toHaveLength(1);
  });

  test('and answers 500 to a POST is asked again only where the client says that this is harmless', async () => {
    const routes = () => ({ '*': reply.inTurn(reply.status(500), reply.json('fine')) });
    const post = { method: 'POST', body: '{}' } as const;
    const careful = await setUp(routes());
    expect((await careful.http.fetch('/graphql', post)).status).toBe(500);
    const { http } = await setUp(routes(), { repeatable: ({ url }) => url.pathname === '/graphql' });
    expect((await http.fetch('/graphql', post)).status).toBe(200);
    expect((await http.request('/graphql', anything, { method: 'POST', body: {} })).body).toBe('fine');
  });
});

describe('a limit that is told in other words', () => {
  test.each([
    ['seconds', '40', 40_000],
    ['seconds twice, as proxies join them', '40, 40', 40_000],
    ['an epoch in seconds', String(now.getTime() / 1_000 + 40), 40_000],
    ['an epoch in milliseconds', String(now.getTime() + 40_000), 40_000],
    ['a date', new Date(now.getTime() + 40_000).toUTCString(), 40_000],
    ['an epoch that is over', String(now.getTime() / 1_000 - 40), 0],
  ])('Retry-After as %s', (_, value, ms) => {
    expect(retryAfter(new Headers({ 'retry-after': value }), now)).toBe(ms);
  });

  test.each([
    ['seconds from now', '40'],
    ['an epoch in seconds', String(now.getTime() / 1_000 + 40)],
    ['an epoch in milliseconds', String(now.getTime() + 40_000)],
    ['an HTTP date', new Date(now.getTime() + 40_000).toUTCString()],
    ['an ISO date', new Date(now.getTime() + 40_000).toISOString()],
  ])('a reset as %s', (_, value) => {
    const headers = new Headers({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': value });
    expect(readLimits({ status: 200, headers }, now)?.resetAt).toEqual(new Date(now.getTime() + 40_000));
  });

  test('in the body only is waited for by everyone, shown, and throttled when it stays', async () => {
    const limit = reply.status(403, { message: 'You have triggered an abuse detection mechanism.' });
    const throttled: HttpOptions['throttled'] = ({ body }) => (JSON.stringify(body).includes('abuse') ? 60_000 : null);
    const { http, clock, waits } = await setUp({ '*': reply.inTurn(limit, reply.json('fine')) }, { throttled });
    expect(await http.get('/x', anything)).toBe('fine');
    expect(clock.slept).toEqual([60_000]);
    expect(waits).toContainEqual(expect.objectContaining({ system: 'GitHub', reason: 'rate-limit' }));
    const stays = await setUp({ '*': limit }, { throttled });
    await expect(stays.http.request('/x', anything, { accept: [403] })).rejects.toMatchObject({ kind: 'throttled' });
    await expect(stays.http.fetch('/x')).rejects.toMatchObject({ kind: 'throttled' });
  });

  test('and is further away than a request waits says when it ends', async () => {
    const reset = String(now.getTime() / 1_000 + 48 * 60);
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
    const { http } = await setUp({ '*': reply.status(403, { message: 'API rate limit exceeded' }, headers) });
    const error: unknown = await http.get('/x', anything).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'throttled', advice: expect.stringContaining('another 49 minutes') });
    expect(resumesAt(error)).toEqual(new Date(now.getTime() + 48 * 60_000 + 1_000));
    expect(resumesAt(new Error('wrapped', { cause: error }))).toEqual(resumesAt(error));
    expect(resumesAt(new Error('other'))).toBeNull();
  });
});

describe('a next link', () => {
  test.each([
    ['<https://x/2>; REL="NEXT"'],
    ['<https://x/2>; rel=next; title="a \\"b\\", c"'],
    ['<https://x/2>; results; rel="next"'],
    ["<https://x/2>; rel='next'"],
    ['<https://x/1>;rel="prev",<https://x/2>;type="application/json";rel="next"'],
  ])('is found in %s', (header) => expect(nextLink(header)).toBe('https://x/2'));

  test.each(['?page=2', 'users?page=2', '/api/v3/users?page=2', './users?page=2'])(
    'that is relative (%s) leads on from the page that it stands on',
    async (link) => {
      const { server, http } = await setUp({ '*': reply.json([], { link: `<${link}>; rel="next"` }) });
      const based = (await setUp({}, { origin: `${server.origin}/api/v3` })).http;
      expect((await based.request('/users', anything)).next).toBe('/users?page=2');
      expect((await http.request('/api/v3/users?page=1', anything)).next).toBe('/api/v3/users?page=2');
    },
  );
});

test('a next link that names the other protocol, as servers behind a proxy do, is followed by the one that was asked', async () => {
  const answer: Reply = (request, response) => {
    const link = `<https://${request.headers.host}/api/v3/users?page=2>; rel="next"`;
    return reply.json([], request.url.includes('page=2') ? {} : { link })(request, response);
  };
  const { http, server } = await setUp({ '*': answer });
  const pages: string[] = [];
  for await (const { cursor } of http.pages('/api/v3/users', anything, (item) => item)) pages.push(cursor ?? 'end');
  expect(pages).toEqual(['/api/v3/users?page=2', 'end']);
  expect(server.requests.map(({ url }) => url)).toEqual(['/api/v3/users', '/api/v3/users?page=2']);
});

describe('a body', () => {
  const bytes = (body: Uint8Array | string, type: string): Reply => {
    return (_, response) => void response.writeHead(200, { 'content-type': type }).end(body);
  };

  test.each([
    ['with a byte order mark', bytes('\uFEFF{"name":"Zoë"}', 'application/json')],
    [
      'in the charset that it names',
      bytes(Buffer.from('{"name":"Zoë"}', 'latin1'), 'application/json; charset=ISO-8859-1'),
    ],
    ['in UTF-8 that is called something else', bytes('{"name":"Zoë"}', 'application/json;charset="iso-8859-1"')],
    ['in a charset that nobody knows', bytes('{"name":"Zoë"}', 'application/json; charset=x-none')],
  ])('%s is read', async (_, answer) => {
    const { http } = await setUp({ '*': answer });
    expect(await http.get('/x', anything)).toEqual({ name: 'Zoë' });
  });
});
