import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { type PersonId, Secret, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { audit, listAudit, listSystemAudit } from '../src/audit.ts';
import type { SignedIn, TestServer } from '../src/testing/index.ts';
import { startSmallProgram } from './small-program.ts';

let host: TestServer;
let person: SignedIn;
let mine: string;

beforeAll(async () => {
  ({ host, person, mine } = await startSmallProgram());
});
afterAll(() => host.close());

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
    const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
    socket.end('nonsense\r\n\r\n');
    expect(await readText(socket)).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"status":400/);
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
