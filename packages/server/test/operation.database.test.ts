import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type ServerEvent, sendEvents } from '../src/events.ts';
import { createLog } from '../src/log.ts';
import { createServer } from '../src/server.ts';
import { type TestServer, testPassword, testServer, tokenOf } from '../src/testing/index.ts';

let host: TestServer;
let pages: string;
let ready = true;
/** What the streams of events of these tests did. */
const streams = { begun: 0, ended: 0 };

beforeAll(async () => {
  pages = await mkdtemp(join(tmpdir(), 'gatehouse-pages-'));
  await mkdir(join(pages, 'assets'));
  await writeFile(
    join(pages, 'index.html'),
    '<!doctype html><html><head><title>G</title><link rel="stylesheet" href="/assets/a-1.css"><script type="module" src="/assets/a-1.js"></script></head><body></body></html>',
  );
  await writeFile(join(pages, 'assets', 'a-1.js'), 'export {};');
  await writeFile(join(pages, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(pages, '.env'), 'SECRET=1');
  host = await testServer({
    pages,
    readyChecks: {
      jobs: async () => {
        if (!ready) throw new Error('postgres://user:hunter2@host is away');
      },
    },
    routes: ({ app }) => {
      app.get(
        '/api/events',
        {
          config: { access: 'public' },
          schema: {
            summary: 'Events',
            tags: ['test'],
            querystring: z.object({ count: z.coerce.number().int().max(1_000).default(1_000) }),
          },
        },
        (request, reply) => sendEvents(reply, counting(request.query.count), { heartbeatMs: 20 }),
      );
    },
  });
});
afterAll(async () => {
  await host.close();
  await rm(pages, { recursive: true });
});

/** Two numbers at once and then nothing for a long time, unless the end comes before. */
async function* counting(count: number): AsyncGenerator<ServerEvent> {
  streams.begun += 1;
  try {
    for (let index = 0; index < count; index++) {
      if (index === 2) await new Promise(() => undefined);
      yield { event: 'count', id: String(index), data: { index, text: 'one\ntwo' } };
    }
  } finally {
    streams.ended += 1;
  }
}

describe('operation', () => {
  test('/healthz answers, and /readyz names the part that is missing without its secrets', async () => {
    expect((await host.client().get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await host.client().get('/readyz')).body).toEqual({
      ready: true,
      parts: [
        { part: 'database', ready: true, reason: null },
        { part: 'jobs', ready: true, reason: null },
      ],
    });
    ready = false;
    const answer = await host.client().get('/readyz');
    ready = true;
    expect(answer.status).toBe(503);
    expect(answer.body.parts[1]).toMatchObject({ part: 'jobs', ready: false });
    expect(answer.text).not.toContain('hunter2');
  });

  test('/metrics counts answers by route pattern, never by address', async () => {
    await host.client().ask('DELETE', '/api/me/sessions/planted-id');
    const { text } = await vi.waitFor(async () => {
      // Counted after the answer has left, so it can be here before its count.
      const answer = await host.client().get('/metrics');
      expect(answer.text).toContain(':sessionId');
      return answer;
    });
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="DELETE",route="\/api\/me\/sessions\/:sessionId",status="401"\} \d/,
    );
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).not.toContain('planted-id');
  });

  test('/metrics of a server with a token asks for it', async () => {
    await using guarded = await testServer({ network: { metricsToken: new Secret('prometheus-reads-this') } });
    expect((await guarded.client().get('/metrics')).status).toBe(404);
    const headers = { authorization: 'Bearer prometheus-reads-this' };
    expect((await guarded.client().get('/metrics', { headers })).status).toBe(200);
  });

  test('/openapi.json describes every route with a summary, a tag, its security and problems', async () => {
    const { body } = await host.client().get('/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    const described = new Set<string>();
    for (const [path, operations] of Object.entries<
      Record<string, { summary?: string; tags?: string[]; responses: object }>
    >(body.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        expect(operation.summary, `${method} ${path}`).toBeTruthy();
        expect(operation.tags?.length, `${method} ${path}`).toBeGreaterThan(0);
        expect(operation.responses, `${method} ${path}`).toHaveProperty('default');
        described.add(`${method.toUpperCase()} ${path}`);
      }
    }
    const routes = host.server.app.printRoutes({ commonPrefix: false });
    expect(routes).toContain('/api');
    for (const known of [
      'GET /api/session',
      'PATCH /api/me',
      'POST /api/welcome',
      'POST /api/auth/sign-in/email',
      'GET /api/auth/callback/{provider}',
      'DELETE /api/me/api-keys/{keyId}',
      'GET /healthz',
      'GET /metrics',
      'GET /openapi.json',
      'GET /api/events',
    ]) {
      expect(described, known).toContain(known);
    }
    expect(body.paths['/api/me'].get.security).toEqual([{ session: [] }, { key: [] }]);
    expect(body.paths['/api/session'].get.security).toBeUndefined();
    expect(
      body.paths['/api/me/api-keys'].post.requestBody.content['application/json'].schema.properties.name.maxLength,
    ).toBe(120);
    expect(JSON.stringify(body)).not.toMatch(/nullable/);
  });

  test('a route without access, summary or a matching :tenantId keeps the server from starting', async () => {
    const home = await mkdtemp(join(tmpdir(), 'gatehouse-server-'));
    const server = await createServer({
      program: { id: 'test', title: 'Test', version: '0' },
      database: host.database,
      home,
      network: { port: 0 },
      findTenantRole: async () => null,
      log: createLog('test', 'silent'),
    });
    const { app } = server;
    const schema = { summary: 'Something', tags: ['test'] };
    const handler = async () => ({});
    expect(() => app.get('/api/a', { schema }, handler)).toThrow('does not state its access');
    expect(() => app.get('/api/b', { config: { access: 'public' } }, handler)).toThrow('needs a summary');
    expect(() => app.get('/api/tenants/:tenantId/c', { config: { access: 'signed-in' }, schema }, handler)).toThrow(
      ':tenantId',
    );
    expect(() => app.get('/api/d', { config: { access: { tenant: 'reader' } }, schema }, handler)).toThrow(':tenantId');
    await server.close();
    await rm(home, { recursive: true });
  });

  test('a taken port is one sentence that names it and the flag', async () => {
    const port = Number(new URL(host.url).port);
    await expect(testServer({ network: { port } })).rejects.toMatchObject({
      name: 'StartFault',
      flag: '--port',
      message: `Port ${port} of 127.0.0.1 is taken. Choose another with --port.`,
    });
  });

  test('nothing but loopback is listened on unless asked', () => {
    expect(host.server.app.addresses().map((at) => (typeof at === 'object' ? at.address : at))).toEqual(['127.0.0.1']);
  });

  test('one caller cannot take the server from the others', async () => {
    await using small = await testServer();
    const stranger = small.client();
    const person = await small.signIn();
    const statuses = [];
    for (let index = 0; index < 640; index++) statuses.push((await stranger.get('/healthz')).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
    const refused = await stranger.get('/api/session');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('content-type')).toMatch(/problem\+json/);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await person.get('/api/me')).status).toBe(200);
  });
});

describe('headers', () => {
  test('answers of the API are not stored, not framed, not sniffed', async () => {
    const { headers } = await host.client().get('/api/session');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  test('on https cookies are __Host- and Secure, and browsers are told to stay on https', async () => {
    const baseUrl = 'https://gatehouse.example';
    await using secure = await testServer({ network: { baseUrl, trustProxy: ['127.0.0.1'] } });
    const link = (await secure.server.firstAdministratorLink()) ?? '';
    expect(link).toMatch(/^https:\/\/gatehouse\.example\/welcome#ghw_/);
    const browser = secure.client();
    const headers = { origin: baseUrl, 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https' };
    const body = { token: tokenOf(link), name: 'Ada', email: 'ada@example.com', password: testPassword };
    const answer = await browser.post('/api/welcome', body, { headers });
    expect(answer.status, answer.text).toBe(204);
    expect(answer.headers.getSetCookie().find((line) => line.includes('session_token'))).toMatch(
      /^__Host-gatehouse-test\.session_token=[^;]+; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    expect(answer.headers.get('strict-transport-security')).toContain('max-age=31536000');
    const sessions = await browser.get('/api/me/sessions', { headers });
    expect(sessions.body).toMatchObject([{ address: '198.51.100.7', current: true }]);
  });

  test('an address that a client claims is not believed without a trusted proxy', async () => {
    const person = await host.signIn();
    await person.post(
      '/api/auth/sign-in/email',
      { email: person.email, password: person.password },
      { headers: { 'x-forwarded-for': '203.0.113.9', 'x-gatehouse-address': '203.0.113.9' } },
    );
    expect((await person.get('/api/me/sessions')).body[0].address).toBe('127.0.0.1');
  });
});

describe('pages', () => {
  test('every page address answers the index with a nonce that is new each time and in the policy', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/tenants/1/connections', '/identities/ada@example.com', '/index.html']) {
      const answer = await host.client().get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      const nonce = /<meta property="csp-nonce" nonce="([^"]+)">/.exec(answer.text)?.[1] ?? '';
      expect(answer.text).toContain(`<script nonce="${nonce}" type="module"`);
      expect(answer.text).toContain(`<link nonce="${nonce}" rel="stylesheet"`);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`);
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).not.toMatch(/unsafe|\*/);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(4);
  });

  test('files with a hash in their name are cached for ever, others are asked for again', async () => {
    expect((await host.client().get('/assets/a-1.js')).headers.get('cache-control')).toBe(
      'public, max-age=31536000, immutable',
    );
    const icon = await host.client().get('/favicon.svg');
    expect(icon.headers.get('cache-control')).toBe('no-cache');
    expect(icon.headers.get('content-type')).toContain('svg');
  });

  test('what is not there below /api and /assets is a 404, never a page; nothing outside the folder is read', async () => {
    for (const path of ['/api', '/api/nothing', '/assets/gone.js'])
      expect((await host.client().get(path)).status, path).toBe(404);
    for (const path of ['/.env', '/..%2f..%2fetc%2fpasswd', '/assets/..%2f.env', '/%2e%2e/%2e%2e/etc/passwd']) {
      expect((await host.client().get(path)).text).not.toMatch(/SECRET|root:/);
    }
  });
});

describe('events', () => {
  test('events arrive as they happen, on one line each, with heartbeats between them', async () => {
    const response = await fetch(`${host.url}/api/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    let read = '';
    for await (const chunk of response.body ?? []) {
      read += Buffer.from(chunk).toString();
      if (read.includes(': still here')) break;
    }
    expect(read).toContain('event: count\nid: 0\ndata: {"index":0,"text":"one\\ntwo"}\n\n');
    expect(read).toContain('id: 1\n');
  });

  test('a source that ends closes the stream', async () => {
    const text = await (await fetch(`${host.url}/api/events?count=1`)).text();
    expect(text).toContain('id: 0');
    expect(streams.ended).toBeGreaterThan(0);
  });

  test('closing the server ends open streams and idle connections at once', async () => {
    const closing = await testServer({
      routes: ({ app }) => {
        app.get(
          '/api/events',
          { config: { access: 'public' }, schema: { summary: 'Events', tags: ['test'] } },
          (_request, reply) => sendEvents(reply, counting(10)),
        );
      },
    });
    const response = await fetch(`${closing.url}/api/events`);
    const reader = response.body?.getReader();
    await reader?.read();
    const idle = connect(Number(new URL(closing.url).port), '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const began = performance.now();
    await closing.close();
    expect(performance.now() - began).toBeLessThan(3_000);
    let last = await reader?.read();
    while (last && !last.done) last = await reader?.read();
    expect(last?.done).toBe(true);
    idle.destroy();
  });
});
