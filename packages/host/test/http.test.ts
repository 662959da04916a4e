import { Fault } from '@gatehouse/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHost, type HostOptions, type HttpOptions, type LogLine, statusOf, type Wait } from '../src/index.ts';
import { createTestClock, deadOrigin, type FakeServer, type Reply, reply, startServer } from '../src/testing/index.ts';

const secret = 'tok-3f9c1d77aa20';
const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const serve = async (routes: Record<string, Reply>) => {
  const server = await startServer(routes);
  servers.push(server);
  return server;
};

const clientOf = (origin: string, options: Partial<HttpOptions> = {}, host: Partial<HostOptions> = {}) => {
  const clock = createTestClock();
  const log: LogLine[] = [];
  const made = createHost({ signal: new AbortController().signal, clock, log: (line) => log.push(line), ...host });
  const http = made.http({
    origin,
    system: 'Okta',
    authorize: ({ headers }) => headers.set('authorization', `SSWS ${secret}`),
    ...options,
  });
  return { http, clock, log, host: made };
};

const faultOf = async (work: Promise<unknown>): Promise<Fault> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw new Error(`no fault but ${String(error)}`);
};

const anything = z.unknown();

const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
};

describe('where a request may go', () => {
  test('credentials never follow a link to another origin', async () => {
    const other = await serve({ '*': reply.json([]) });
    const home = await serve({ '/users': reply.json([], { link: `<${other.origin}/users?after=2>; rel="next"` }) });
    const { http } = clientOf(home.origin);
    const fault = await faultOf(all(http.pages('/users', anything, (item) => item)));
    expect(fault.kind).toBe('unexpected');
    expect(fault.detail).toContain('refused');
    expect(other.requests).toHaveLength(0);
  });

  test.each([
    'http://127.0.0.1:1/x',
    '//evil.example/x',
    'https://127.0.0.1/x',
    'file:///etc/passwd',
    'http://a@127.0.0.1/',
  ])('the address %s is refused before anything is sent, by request and by fetch', async (address) => {
    const home = await serve({ '*': reply.json([]) });
    const { http } = clientOf(home.origin);
    expect((await faultOf(http.get(address, anything))).detail).toContain('refused');
    expect((await faultOf(http.fetch(address))).detail).toContain('refused');
    expect(home.requests).toHaveLength(0);
  });

  test('paths cannot climb out of the origin by tricks of spelling', async () => {
    const home = await serve({ '*': reply.json(1) });
    const { http } = clientOf(home.origin);
    for (const path of ['@evil.example/x', '/\\evil.example', '.evil.example/x', ':1/x'])
      await http.get(path, anything);
    expect(home.requests).toHaveLength(4);
  });

  test('a base path is kept for paths, next links and the cursors made of them', async () => {
    const home = await serve({
      '/api/v3/users': (arrived, response) =>
        arrived.url.includes('page=2')
          ? reply.json(['b'])(arrived, response)
          : reply.json(['a'], { link: `<${home.origin}/api/v3/users?page=2>; rel="next"` })(arrived, response),
    });
    const { http } = clientOf(`${home.origin}/api/v3/`);
    const pages = await all(http.pages('/users', z.string(), (item) => item));
    expect(pages).toEqual([
      { records: ['a'], cursor: '/users?page=2' },
      { records: ['b'], cursor: null },
    ]);
    expect(home.requests.map(({ url }) => url)).toEqual(['/api/v3/users', '/api/v3/users?page=2']);
  });

  test('a redirect is refused and says where it points', async () => {
    const other = await serve({ '*': reply.json([]) });
    const home = await serve({ '*': reply.redirect(`${other.origin}/x`) });
    const { http } = clientOf(home.origin);
    for (const work of [http.get('/x', anything), http.fetch('/x')]) {
      const fault = await faultOf(work);
      expect(fault).toMatchObject({ kind: 'misconfigured' });
      expect(fault.advice).toContain(other.origin);
    }
    expect(other.requests).toHaveLength(0);
  });

  test.each(['not an address', 'ftp://x', 'https://user:pass@x.example'])('%s is no origin', async (origin) => {
    expect(await faultOf((async () => clientOf(origin))())).toMatchObject({ kind: 'misconfigured' });
  });
});

describe('what came back', () => {
  test('a web page where JSON is due is a fault that says so', async () => {
    const home = await serve({ '*': reply.html('Acme sign in') });
    const fault = await faultOf(clientOf(home.origin).http.get('/x', anything));
    expect(fault.kind).toBe('unexpected');
    expect(fault.advice).toContain('web page');
    expect(fault.detail).toContain('Acme sign in');
  });

  test('a web page is known by its type alone, and by its words alone', async () => {
    const home = await serve({
      '/type': reply.text('<p>Hello', { 'content-type': 'text/html' }),
      '/words': reply.text('<!DOCTYPE html><p>Hello', { 'content-type': 'application/json' }),
    });
    const { http } = clientOf(home.origin);
    for (const path of ['/type', '/words'])
      expect((await faultOf(http.get(path, anything))).advice).toContain('web page');
  });

  test('JSON that breaks off is a readable fault and is not asked for again', async () => {
    const home = await serve({ '*': reply.truncated() });
    const fault = await faultOf(clientOf(home.origin).http.get('/x', anything));
    expect(fault).toMatchObject({ kind: 'unexpected' });
    expect(fault.detail).toContain('broken off');
    expect(home.requests).toHaveLength(1);
  });

  test('a connection that breaks in the middle of a body is tried again', async () => {
    const home = await serve({ '*': reply.inTurn(reply.cut(), reply.dead(), reply.json(['whole'])) });
    const { http, clock } = clientOf(home.origin);
    expect(await http.get('/x', anything)).toEqual(['whole']);
    expect(clock.slept).toHaveLength(2);
  });

  test('an empty body is null', async () => {
    const home = await serve({
      '/none': (_, response) => void response.writeHead(204).end(),
      '/empty': reply.text(''),
    });
    const { http } = clientOf(home.origin);
    expect(await http.get('/none', z.null())).toBeNull();
    expect(await faultOf(http.get('/empty', z.array(z.string())))).toMatchObject({ kind: 'unexpected' });
  });

  test('another shape is a fault whose detail names the field', async () => {
    const home = await serve({ '*': reply.json([{ id: 7 }]) });
    const fault = await faultOf(clientOf(home.origin).http.get('/x', z.array(z.object({ id: z.string() }))));
    expect(fault.kind).toBe('unexpected');
    expect(fault.detail).toContain('id');
  });

  test('more than the limit is refused while it arrives, and little of it is held', async () => {
    const home = await serve({ '*': reply.huge(200 * 1024 * 1024) });
    const { http } = clientOf(home.origin, { maxBytes: 1024 * 1024 });
    const before = process.memoryUsage().rss;
    const fault = await faultOf(http.get('/x', anything));
    expect(fault).toMatchObject({ kind: 'unexpected', advice: expect.stringContaining('more than 1 MB') });
    expect(fault.detail).toContain('GET /x: the answer has more than 1048576 bytes');
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
    expect(home.requests).toHaveLength(1);
  });

  test('a string of 10 MB within the limit is read', async () => {
    const home = await serve({ '*': reply.json({ name: 'x'.repeat(10_000_000) }) });
    const { name } = await clientOf(home.origin).http.get('/x', z.object({ name: z.string() }));
    expect(name).toHaveLength(10_000_000);
  });

  test.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'unexpected'],
    [410, 'unexpected'],
    [500, 'unreachable'],
  ] as const)('a %i is the fault %s and keeps its status', async (status, kind) => {
    const home = await serve({ '*': reply.status(status, { error: 'because' }) });
    const fault = await faultOf(clientOf(home.origin).http.get('/x', anything));
    expect(fault.kind).toBe(kind);
    expect(fault.detail).toContain('because');
    expect(statusOf(fault)).toBe(status);
  });

  test('explain turns a refusal into other words', async () => {
    const home = await serve({ '*': reply.status(403, { code: 'E6' }) });
    const { http } = clientOf(home.origin, {
      explain: ({ body }) =>
        JSON.stringify(body).includes('E6') ? { kind: 'misconfigured', advice: 'Turn it on.' } : undefined,
    });
    expect(await faultOf(http.get('/x', anything))).toMatchObject({ kind: 'misconfigured', advice: 'Turn it on.' });
  });

  test('an accepted status is an answer', async () => {
    const home = await serve({ '*': reply.status(404, { gone: true }) });
    const answer = await clientOf(home.origin).http.request('/x', anything, { accept: [404] });
    expect(answer).toMatchObject({ status: 404, body: { gone: true } });
  });

  test('details are short', async () => {
    const home = await serve({ '*': reply.status(400, { error: 'x'.repeat(50_000) }) });
    const fault = await faultOf(clientOf(home.origin).http.get(`/${'y'.repeat(5_000)}`, anything));
    expect(fault.detail?.length).toBeLessThan(1_100);
  });
});

describe('when it does not answer', () => {
  test('a dead host is unreachable after a bounded number of attempts', async () => {
    const { http, clock } = clientOf(await deadOrigin());
    expect(await faultOf(http.get('/x', anything))).toMatchObject({ kind: 'unreachable' });
    expect(clock.slept).toHaveLength(4);
    for (const [i, ms] of clock.slept.entries()) expect(ms).toBeLessThanOrEqual(500 * 2 ** (i + 1));
  });

  test('the retries of a run share one budget of time', async () => {
    const { http, clock } = clientOf(await deadOrigin(), {}, { retryMs: 0 });
    await faultOf(http.get('/x', anything));
    expect(clock.slept).toEqual([]);
  });

  test.each([
    ['before the first byte', reply.silent()],
    ['in the middle of a body', reply.stalled()],
  ])('silence %s ends after the timeout', async (_, silence) => {
    const home = await serve({ '*': silence });
    const { http } = clientOf(home.origin, { timeoutMs: 50 }, { attempts: 1 });
    const fault = await faultOf(http.get('/x', anything));
    expect(fault.kind).toBe('unreachable');
    expect(fault.detail).toContain('nothing was heard for 0.05 s');
  });

  test('an answer that comes without an end is given up after the time that one may take', async () => {
    const home = await serve({
      '*': (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const timer = setInterval(() => response.write(' '), 10);
        response.once('close', () => clearInterval(timer));
      },
    });
    const { http } = clientOf(home.origin, { timeoutMs: 10_000 }, { attempts: 1, answerMs: 200 });
    const fault = await faultOf(http.get('/x', anything));
    expect(fault.kind).toBe('unreachable');
    expect(fault.detail).toContain('an answer had no end after 0.2 s');
  });

  test.each([502, 503, 504])('a %i is tried again', async (status) => {
    const home = await serve({ '*': reply.inTurn(reply.status(status), reply.json('fine')) });
    expect(await clientOf(home.origin).http.get('/x', anything)).toBe('fine');
  });

  test('a 503 with Retry-After is not asked sooner', async () => {
    const home = await serve({ '*': reply.inTurn(reply.status(503, {}, { 'retry-after': '70' }), reply.json('fine')) });
    const { http, clock } = clientOf(home.origin);
    await http.get('/x', anything);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(70_000);
  });

  test('a POST is never sent twice, unless it asks for that or was refused for the rate limit', async () => {
    const home = await serve({
      '/once': reply.inTurn(reply.dead(), reply.json('fine')),
      '/asked': reply.inTurn(reply.dead(), reply.json('fine')),
      '/limited': reply.inTurn(reply.status(429, {}, { 'retry-after': '1' }), reply.json('fine')),
    });
    const { http } = clientOf(home.origin);
    const post = { method: 'POST', body: { a: 1 } } as const;
    expect(await faultOf(http.request('/once', anything, post))).toMatchObject({ kind: 'unreachable' });
    expect((await http.request('/asked', anything, { ...post, retry: true })).body).toBe('fine');
    expect((await http.request('/limited', anything, post)).body).toBe('fine');
    expect(home.requests.map(({ url, body }) => `${url} ${body}`).filter((line) => line.includes('once'))).toHaveLength(
      1,
    );
    expect(home.requests[0]?.body).toBe('{"a":1}');
  });

  test.each([
    ['before the first byte', reply.silent()],
    ['in the middle of a body', reply.stalled()],
  ])('abort %s ends a request at once, with the reason of the signal', async (_, silence) => {
    const controller = new AbortController();
    const home = await serve({
      '*': async (arrived, response) => {
        await silence(arrived, response);
        setImmediate(() => controller.abort(new Error('cancelled by Ada')));
      },
    });
    const { http } = clientOf(home.origin, {}, { signal: controller.signal });
    await expect(http.get('/x', anything)).rejects.toThrow('cancelled by Ada');
    expect(home.requests).toHaveLength(1);
  });

  test('abort ends a wait for a rate limit and what stands in line behind it', async () => {
    const home = await serve({ '*': reply.status(429, {}, { 'retry-after': '600' }) });
    const controller = new AbortController();
    const waits: (readonly Wait[])[] = [];
    const stop = (list: readonly Wait[]) => {
      waits.push(list);
      controller.abort(new Error('cancelled'));
    };
    // The system's clock: ten minutes that must not pass.
    const host = createHost({ signal: controller.signal, onWait: stop });
    const http = host.http({ origin: home.origin, system: 'Okta', concurrency: 1 });
    const work = await Promise.allSettled([http.get('/1', anything), http.get('/2', anything)]);
    expect(work.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(home.requests).toHaveLength(1);
    expect(host.waits()).toEqual([]);
  });
});

describe('what must not be seen', () => {
  test('no credential is in a fault, its cause or a log line, also where the system repeats it', async () => {
    const home = await serve({
      '*': (arrived, response) =>
        reply.status(400, {
          error: `bad header ${arrived.headers.authorization}`,
          again: `${arrived.headers.authorization}`.split(' ').reverse(),
          sent: arrived.body,
          url: arrived.url,
        })(arrived, response),
    });
    const { http, log } = clientOf(home.origin);
    const body = new URLSearchParams({ client_assertion: 'an-assertion-of-mine', grant_type: 'client_credentials' });
    const fault = await faultOf(http.request('/x?access_token=query-secret-1', anything, { method: 'POST', body }));
    const seen = [fault.advice, fault.detail, String(fault), String(fault.cause), JSON.stringify(log)].join('\n');
    expect(seen).toContain('bad header');
    for (const word of [secret, 'an-assertion-of-mine', 'query-secret-1']) expect(seen).not.toContain(word);
  });

  test('a token answer that is not JSON does not show its token', async () => {
    const home = await serve({
      '*': reply.text('{"access_token":"very-secret-token', { 'content-type': 'application/json' }),
    });
    const fault = await faultOf(clientOf(home.origin).http.get('/x', anything));
    expect(`${fault.detail} ${fault.stack} ${String(fault.cause)}`).not.toContain('very-secret-token');
  });
});

describe('fetch for a vendor SDK', () => {
  test('keeps the credentials the SDK set, retries, and hands refusals back as answers', async () => {
    const home = await serve({
      '/ok': reply.inTurn(reply.status(502), reply.json({ fine: true }, { 'x-more': '1' })),
      '/no': reply.status(404, { message: 'Not Found' }),
      '/made': (arrived, response) => reply.json(arrived.body)(arrived, response),
    });
    const { http } = clientOf(home.origin, { authorize: () => undefined });
    const ok = await http.fetch(`${home.origin}/ok`, { headers: { authorization: 'token mine' } });
    expect(await ok.json()).toEqual({ fine: true });
    expect(ok.url).toBe(`${home.origin}/ok`);
    expect(ok.headers.get('x-more')).toBe('1');
    expect(home.requests[0]?.headers.authorization).toBe('token mine');
    expect((await http.fetch(`${home.origin}/no`)).status).toBe(404);
    const made = await http.fetch(new Request(`${home.origin}/made`, { method: 'POST', body: 'words' }));
    expect(await made.json()).toBe('words');
  });

  test('also ends by the signal of the call', async () => {
    const home = await serve({ '*': reply.silent() });
    const call = new AbortController();
    const work = clientOf(home.origin).http.fetch('/x', { signal: call.signal });
    call.abort(new Error('enough'));
    await expect(work).rejects.toThrow('enough');
  });
});
