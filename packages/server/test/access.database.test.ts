import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantRole } from '../src/access.ts';
import { createLog } from '../src/log.ts';
import { createServer } from '../src/server.ts';
import type { SignedIn, TestServer } from '../src/testing/index.ts';
import { startSmallProgram } from './small-program.ts';

let host: TestServer;
let person: SignedIn;
let mine: string;
let theirs: string;
let roles: Map<string, TenantRole>;
beforeAll(async () => {
  ({ host, person, mine, theirs, roles } = await startSmallProgram());
});
afterAll(() => host.close());

/** Without the ids that differ in every answer. */
const bare = (text: string) => text.replaceAll(/"requestId":"[^"]+"/g, '"requestId":""');

describe('tenants', () => {
  test('a tenant that is not mine and one that does not exist give the same bytes', async () => {
    const paths = [theirs, randomUUID(), 'not-an-id', '../../etc'].map(
      (id) => `/api/tenants/${encodeURIComponent(id)}/things`,
    );
    for (const method of ['GET', 'POST']) {
      const answers = await Promise.all(
        paths.map((path) => person.ask(method, path, method === 'POST' ? { body: { name: 'x' } } : {})),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
      expect(new Set(answers.map(({ text }) => bare(text))).size).toBe(1);
      const headers = answers.map(({ headers }) =>
        JSON.stringify([...headers].filter(([name]) => !['x-request-id', 'date'].includes(name))),
      );
      expect(new Set(headers).size).toBe(1);
    }
  });

  test('my own tenant gives a grant with my role and the id of the request', async () => {
    const answer = await person.get(`/api/tenants/${mine.toUpperCase()}/things`, {
      headers: { 'x-request-id': 'from-the-client-1' },
    });
    expect(answer.body).toEqual({ tenantId: mine, role: 'analyst', correlationId: 'from-the-client-1' });
    expect(answer.headers.get('x-request-id')).toBe('from-the-client-1');
  });

  test('a role that is too weak is told so, because the tenant is known to it', async () => {
    roles.set(`${person.personId} ${mine}`, 'reader');
    const answer = await person.post(`/api/tenants/${mine}/things`, { name: 'x' });
    roles.set(`${person.personId} ${mine}`, 'analyst');
    expect(answer.status).toBe(403);
    expect(answer.body.detail).toContain('analyst');
  });

  test('a stranger is asked to sign in whether the tenant exists or not, before the body is read', async () => {
    const answers = await Promise.all(
      [mine, theirs].map((id) => host.client().post(`/api/tenants/${id}/things`, { name: '' })),
    );
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(new Set(answers.map(({ text }) => bare(text))).size).toBe(1);
  });

  test('system routes are for system administrators', async () => {
    expect((await person.get('/api/system')).status).toBe(403);
    expect((await (await host.signIn({ systemAdministrator: true })).get('/api/system')).status).toBe(200);
  });
});

describe('other sites', () => {
  const cases: readonly [string, Record<string, string | undefined>, number][] = [
    ['the own origin', {}, 200],
    ['the own origin by another local name', { origin: 'LOCAL' }, 200],
    ['Sec-Fetch-Site same-origin without Origin', { origin: undefined, 'sec-fetch-site': 'same-origin' }, 200],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['the same host with another port', { origin: 'http://localhost:1' }, 403],
    ['the origin null of a sandboxed frame', { origin: 'null' }, 403],
    ['neither Origin nor Sec-Fetch-Site', { origin: undefined }, 403],
    ['Sec-Fetch-Site cross-site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['Sec-Fetch-Site same-site', { 'sec-fetch-site': 'same-site' }, 403],
    [
      'a header that opens nothing beside the cookie',
      { origin: 'https://evil.example', authorization: 'Bearer gh_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
      403,
    ],
  ];
  for (const [name, given, status] of cases) {
    test(`a change with ${name} answers ${status}`, async () => {
      const headers = given.origin === 'LOCAL' ? { origin: host.url.replace('localhost', '127.0.0.1') } : given;
      const answer = await person.ask('POST', '/api/people-only', { headers });
      expect(answer.status, answer.text).toBe(status);
      if (status === 403) expect(answer.body.type).toBe('urn:gatehouse:problem:other-origin');
    });
  }

  test('signing in from another site is refused, so that nobody is signed in as somebody else', async () => {
    const { email, password } = person;
    const answer = await host
      .client()
      .post('/api/auth/sign-in/email', { email, password }, { headers: { origin: 'https://evil.example' } });
    expect(answer.status).toBe(403);
  });

  test('an address written in another way leads past no check', async () => {
    const headers = { origin: 'https://evil.example' };
    for (const path of ['/%61pi/people-only', '/api/people%2Donly', '/api/./people-only']) {
      expect((await person.ask('POST', path, { headers })).status, path).toBe(403);
    }
    expect((await host.client().post('/%61pi/open', { name: 'x' }, { headers })).status).toBe(403);
  });

  test('a form of another site is refused by its media type, too', async () => {
    const answer = await fetch(`${host.url}/api/open`, {
      method: 'POST',
      headers: { origin: host.url, 'content-type': 'text/plain' },
      body: '{"name":"x"}',
    });
    expect(answer.status).toBe(415);
  });
});

describe('keys and the operator', () => {
  test('an API key acts for its person without an origin, is shown once, and ends when it is deleted', async () => {
    const made = await person.post('/api/me/api-keys', { name: 'script', days: 30 });
    expect(made.status).toBe(201);
    expect(made.body.key).toMatch(/^gh_[\w-]{43}$/);
    const script = { authorization: `Bearer ${made.body.key}`, origin: undefined };
    const stranger = host.client();
    expect((await stranger.ask('POST', '/api/people-only', { headers: script })).status).toBe(200);
    expect((await stranger.get('/api/session', { headers: script })).body.person.personId).toBe(person.personId);
    const list = await person.get('/api/me/api-keys');
    expect(list.text).not.toContain(made.body.key);
    expect(list.body[0]).toMatchObject({ name: 'script', prefix: made.body.key.slice(0, 9) });
    expect(list.body[0].lastUsedAt).not.toBeNull();
    const { rows } = await sql<{ row: string }>`select api_keys::text as row from api_keys`.execute(
      host.database.owner,
    );
    expect(rows.some(({ row }) => row.includes(made.body.key))).toBe(false);

    const another = await host.signIn();
    expect((await another.ask('DELETE', `/api/me/api-keys/${made.body.keyId}`)).status).toBe(404);
    expect((await person.ask('DELETE', `/api/me/api-keys/${made.body.keyId}`)).status).toBe(204);
    expect((await stranger.get('/api/people-only', { headers: script })).status).toBe(401);
  });

  test('an API key that ended opens nothing', async () => {
    const { key, keyId } = (await person.post('/api/me/api-keys', { name: 'old' })).body;
    await sql`update api_keys set expires_at = now() - interval '1 second' where key_id = ${keyId}`.execute(
      host.database.owner,
    );
    expect((await host.client().get('/api/people-only', { headers: { authorization: `Bearer ${key}` } })).status).toBe(
      401,
    );
  });

  test('an API key makes no further keys and does not change how its person signs in', async () => {
    const { key } = (await person.post('/api/me/api-keys', { name: 'limited' })).body;
    const script = { headers: { authorization: `Bearer ${key}` } };
    const client = host.client();
    expect((await client.post('/api/me/api-keys', { name: 'more' }, script)).status).toBe(403);
    expect(
      (await client.post('/api/auth/change-password', { currentPassword: 'x', newPassword: 'y' }, script)).status,
    ).toBe(403);
    expect((await client.get('/api/me/sessions', script)).status).toBe(403);
    expect((await client.ask('DELETE', '/api/me/sessions', script)).status).toBe(403);
  });

  test('the operator token is readable by its owner only and opens everything on this machine', async () => {
    expect((await stat(`${host.home}/test.token`)).mode & 0o777).toBe(0o600);
    expect((await stat(`${host.home}/test.key`)).mode & 0o777).toBe(0o600);
    const operator = await host.operator();
    expect((await operator.get('/api/system')).status).toBe(200);
    expect(
      (
        await operator.ask('POST', `/api/tenants/${theirs}/things`, {
          body: { name: 'x' },
          headers: { origin: undefined },
        })
      ).status,
    ).toBe(200);
    const wrong = `Bearer gho_${'a'.repeat(43)}`;
    expect((await host.client().get('/api/system', { headers: { authorization: wrong } })).status).toBe(401);
  });

  test('two copies of a program on one home take the same operator token', async () => {
    const before = await host.operator();
    const second = await createServer({
      ...{ program: { id: 'test', title: 'Gatehouse Test', version: '0.0.0' }, database: host.database },
      ...{ home: host.home, network: { port: 0 }, findTenantRole: async () => null, log: createLog('test', 'fatal') },
    });
    const url = await second.listen();
    try {
      const operator = await host.operator();
      expect((await operator.get('/api/people')).status).toBe(200);
      expect((await operator.get(`${url}/api/people`)).status).toBe(200);
      // A command under way with the first one's token goes on there; the second never knew it.
      expect((await before.get('/api/people')).status).toBe(200);
      expect((await before.get(`${url}/api/people`)).status).toBe(401);
    } finally {
      await second.close();
    }
    expect((await (await host.operator()).get('/api/people')).status).toBe(200);
  });
});

describe('a route of programs', () => {
  test('is asked without an Origin, and counts nobody as signed in', async () => {
    for (const client of [person, host.client()]) {
      for (const origin of [undefined, 'https://elsewhere.example']) {
        const answer = await client.post('/api/programs', { name: 'x' }, { headers: { origin } });
        expect(answer.body).toEqual({ caller: null });
      }
    }
  });
});
