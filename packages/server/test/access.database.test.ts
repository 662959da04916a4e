import { randomUUID } from 'node:crypto';
import { Fault, type PersonId, Secret, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { TenantRole } from '../src/access.ts';
import { audit, listAudit, listSystemAudit } from '../src/audit.ts';
import { problems } from '../src/problem.ts';
import { type SignedIn, type TestServer, testServer } from '../src/testing/index.ts';

const mine = randomUUID();
const theirs = randomUUID();
const roles = new Map<string, TenantRole>();
let host: TestServer;
let person: SignedIn;

const Thing = z.strictObject({
  name: z.string().trim().min(1, 'Enter a name.'),
  deep: z.object({ port: z.number().int('Enter a whole number.') }).optional(),
});

beforeAll(async () => {
  host = await testServer({
    findTenantRole: () => async (principal, tenantId) =>
      principal.kind === 'operator' ? 'administrator' : (roles.get(`${principal.personId} ${tenantId}`) ?? null),
    routes: ({ app }, database) => {
      const tags = ['test'];
      app.get('/api/open', { config: { access: 'public' }, schema: { summary: 'Open', tags } }, async () => ({
        ok: true,
      }));
      app.post(
        '/api/open',
        { config: { access: 'public' }, schema: { summary: 'Open', tags, body: Thing } },
        async () => ({ ok: true }),
      );
      app.get(
        '/api/people-only',
        { config: { access: 'signed-in' }, schema: { summary: 'Signed in', tags } },
        async ({ principal }) => ({ kind: principal.kind }),
      );
      app.post(
        '/api/people-only',
        { config: { access: 'signed-in' }, schema: { summary: 'Signed in', tags } },
        async () => ({ ok: true }),
      );
      app.get(
        '/api/system',
        { config: { access: 'system-administrator' }, schema: { summary: 'System', tags } },
        async () => ({ ok: true }),
      );
      app.get(
        '/api/tenants/:tenantId/things',
        { config: { access: { tenant: 'reader' } }, schema: { summary: 'Things', tags } },
        async ({ grant }) => ({
          tenantId: grant.tenantId,
          role: grant.role,
          correlationId: grant.correlationId,
        }),
      );
      app.post(
        '/api/tenants/:tenantId/things',
        { config: { access: { tenant: 'analyst' } }, schema: { summary: 'Add a thing', tags, body: Thing } },
        async (request) =>
          database.tenant(request.grant.tenantId, async (tx) => {
            await audit(tx, request.grant, {
              action: 'thing.create',
              target: request.body.name,
              change: { name: request.body.name, secret: String(new Secret('hunter2hunter2')) },
            });
            if (request.body.name === 'breaks')
              throw new Error('select * from secrets where password = hunter2hunter2');
            if (request.body.name === 'taken') throw problems.conflict('There is a thing with this name.');
            return { ok: true };
          }),
      );
      app.get(
        '/api/faults/:kind',
        {
          config: { access: 'public' },
          schema: {
            summary: 'Faults',
            tags,
            params: z.object({ kind: z.enum(['unreachable', 'forbidden', 'throttled', 'unexpected']) }),
          },
        },
        async ({ params }) => {
          throw new Fault(params.kind, 'Do something about it.', 'internal detail 4711');
        },
      );
      app.get(
        '/api/wrong-answer',
        {
          config: { access: 'public' },
          schema: { summary: 'Wrong', tags, response: { 200: z.object({ count: z.number() }) } },
        },
        async () => ({ count: 'hunter2hunter2' }) as never,
      );
    },
  });
  person = await host.signIn();
  roles.set(`${person.personId} ${mine}`, 'analyst');
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
    const { stat } = await import('node:fs/promises');
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
});

describe('problems', () => {
  test('every error is problem+json with the id of its request', async () => {
    const made: [string, string, object, number][] = [
      ['GET', '/api/nothing', {}, 404],
      ['GET', '/nothing', {}, 404],
      ['POST', '/api/open', { body: 'nonsense', headers: { 'content-type': 'application/json' } }, 400],
      ['POST', '/api/open', { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
      [
        'POST',
        '/api/open',
        { body: JSON.stringify({ name: 'x'.repeat(1_100_000) }), headers: { 'content-type': 'application/json' } },
        413,
      ],
      ['POST', '/api/open', { body: '{"name":""}', headers: { 'content-type': 'application/json' } }, 400],
      [
        'POST',
        '/api/open',
        { body: '{"__proto__":{"admin":true},"name":"x"}', headers: { 'content-type': 'application/json' } },
        400,
      ],
      ['GET', '/api/people-only', {}, 401],
      ['GET', '/api/faults/unreachable', {}, 503],
      ['GET', '/api/faults/throttled', {}, 503],
      ['GET', '/api/faults/forbidden', {}, 422],
      ['GET', '/api/faults/unexpected', {}, 500],
      ['GET', '/api/faults/other', {}, 404],
      ['GET', '/api/wrong-answer', {}, 500],
      ['GET', '/%zz', {}, 400],
      ['GET', `/api/${'x'.repeat(12_000)}`, {}, 404],
    ];
    for (const [method, path, init, status] of made) {
      const answer = await fetch(`${host.url}${path}`, {
        ...init,
        method,
        headers: { origin: host.url, ...('headers' in init ? (init.headers as object) : {}) },
      });
      const text = await answer.text();
      expect(answer.status, `${method} ${path.slice(0, 60)} ${text}`).toBe(status);
      expect(answer.headers.get('content-type'), path).toMatch(/^application\/problem\+json/);
      expect(JSON.parse(text)).toMatchObject({
        status,
        type: expect.stringMatching(/^urn:gatehouse:problem:/),
        requestId: answer.headers.get('x-request-id'),
      });
      expect(text).not.toMatch(/hunter2|4711|stack|node_modules|select /);
    }
  });

  test('what is not HTTP gets a problem, too', async () => {
    const { connect } = await import('node:net');
    const { text } = await import('node:stream/consumers');
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"status":400/);
  });

  test('bad input names each field and changes nothing', async () => {
    const answer = await person.post(`/api/tenants/${mine}/things`, { name: ' ', deep: { port: 1.5 }, extra: true });
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([
      { field: 'name', message: 'Enter a name.' },
      { field: 'deep.port', message: 'Enter a whole number.' },
      { field: 'extra', message: 'This field is not known.' },
    ]);
  });

  test('a temporary failure says when to try again', async () => {
    expect((await host.client().get('/api/faults/unreachable')).headers.get('retry-after')).toBe('10');
    expect((await host.client().get('/api/faults/unreachable')).body.detail).toBe('Do something about it.');
  });
});

describe('audit', () => {
  const grant = () =>
    ({
      tenantId: mine as TenantId,
      role: 'analyst',
      principal: {
        kind: 'person',
        personId: person.personId as PersonId,
        name: '',
        email: '',
        systemAdministrator: false,
      },
      correlationId: 'c',
    }) as const;
  const entries = () => host.database.tenant(mine as TenantId, (tx) => listAudit(tx, grant()));

  test('a row is kept with its change, with who and under which request, and without secrets', async () => {
    await person.post(
      `/api/tenants/${mine}/things`,
      { name: 'kept' },
      { headers: { 'x-request-id': 'audit-request-1' } },
    );
    const { items } = await entries();
    expect(items[0]).toMatchObject({
      action: 'thing.create',
      target: 'kept',
      correlationId: 'audit-request-1',
      change: { name: 'kept', secret: '[secret]' },
    });
    expect(items[0]?.actor).toContain(person.email);
  });

  test('a row is rolled back with its change', async () => {
    const before = (await entries()).items.length;
    expect((await person.post(`/api/tenants/${mine}/things`, { name: 'breaks' })).status).toBe(500);
    expect((await person.post(`/api/tenants/${mine}/things`, { name: 'taken' })).status).toBe(409);
    expect((await entries()).items).toHaveLength(before);
  });

  test('a tenant reads only its own rows and can change none', async () => {
    const tenant = randomUUID() as TenantId;
    expect(
      (await host.database.tenant(tenant, (tx) => listAudit(tx, { ...grant(), tenantId: mine as TenantId }))).items,
    ).toEqual([]);
    for (const statement of [
      sql`update audit set target = ''`,
      sql`delete from audit`,
      sql`select from system_audit`,
      sql`select from people`,
    ]) {
      await expect(host.database.tenant(mine as TenantId, (tx) => statement.execute(tx))).rejects.toThrow();
    }
    const foreign = host.database.tenant(tenant, (tx) => audit(tx, grant(), { action: 'thing.create', target: 'x' }));
    await expect(foreign).rejects.toThrow();
  });

  test('the list is paged, newest first', async () => {
    const act = { principal: grant().principal, correlationId: 'paging-1' };
    await host.database.system(async (tx) => {
      for (let index = 0; index < 5; index++) await audit(tx, act, { action: 'test.page', target: String(index) });
    });
    const read: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await host.database.system((tx) => listSystemAudit(tx, { cursor, limit: 2 }));
      read.push(...page.items.filter(({ action }) => action === 'test.page').map(({ target }) => target));
      cursor = page.next ?? undefined;
    } while (cursor);
    expect(read).toHaveLength(5);
    expect(new Set(read).size).toBe(5);
  });
});

test('no secret reaches the log', async () => {
  const { email } = person;
  const password = 'a password nobody may read';
  await host.client().post('/api/auth/sign-in/email', { email, password });
  const { key } = (await person.post('/api/me/api-keys', { name: 'logged' })).body;
  await host.client().get('/api/people-only', { headers: { authorization: `Bearer ${key}` } });
  await host.client().get('/api/nothing?token=ghw_in-the-query');
  host.server.app.log.info(
    {
      headers: { authorization: 'Bearer in-a-header', cookie: 'in-a-cookie' },
      settings: { apiToken: new Secret('in-a-secret') },
      password: 'in-a-password',
    },
    'test',
  );
  host.server.app.log.error(
    { err: Object.assign(new Error('boom'), { config: { headers: { authorization: 'in-an-error' } } }) },
    'test',
  );
  const written = host.log.join('');
  expect(written).toContain('/api/auth/sign-in/email');
  expect(written).toContain('boom');
  const cookies = [...person.cookies.values()].flatMap((value) => [value, decodeURIComponent(value)]);
  for (const secret of [
    password,
    person.password,
    key,
    ...cookies,
    'in-the-query',
    'in-a-header',
    'in-a-cookie',
    'in-a-secret',
    'in-a-password',
    'in-an-error',
  ]) {
    expect(written).not.toContain(secret);
  }
  // What is never sent is there for the operator.
  expect(written).toContain('internal detail 4711');
});
