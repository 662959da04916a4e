import type { Json } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../command/v1/actions.ts';
import { operationsOf } from '../command/v2/serve-json.ts';
import { operations } from '../configuration/operations.ts';
import { type Program, raw, type SiteUser, type TestSite, testSite } from './test-site.ts';

let host: TestSite;
let user: SiteUser;
/** Routes of the site and the server, as `/openapi.json` has them: `get /api/users`. */
let routes: readonly string[];
let program: Program;

/** Open to everybody: signing in, and what programs and machines ask before they have a token or a key. */
const open =
  /^(get \/(healthz|readyz|openapi\.json|metrics|get_mech_list|check_health)|get \/api\/session|get \/api\/auth\/providers|(get|post) \/api\/auth\/.*|post \/api\/welcome(\/check)?|post \/oauth2\/token|[a-z]+ \/api\/portal(\/.*)?|post \/api\/jump-client\/enrol|get \/api\/jump-client\/release(\/.*)?)$/;
/** What customers do, who sign in nowhere. */
const portal = / \/api\/portal(\/|$)/;
/** For whoever is signed in: their own account, the programs of the Apps menu, and what asks of every item whose it is. */
const own = /^[a-z]+ \/api\/(me(\/|$)|apps$|console\/|support\/|sessions\/\{id\}\/recording)/;

beforeAll(async () => {
  host = await testSite();
  user = await host.person();
  program = await host.program();
  const { body } = await host.operator.get('/openapi.json');
  routes = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
});
afterAll(() => host.close());

/** Everything that the database holds of what these routes could change. */
const everything = async () => {
  const tables = [
    'users',
    'people',
    'group_policies',
    'group_policy_members',
    'group_policy_jump_groups',
    'jump_groups',
  ];
  tables.push('jump_group_users', 'shell_jumps', 'remote_vnc', 'remote_rdp', 'jump_policies', 'session_policies');
  tables.push('jump_clients', 'jump_client_installers', 'unpinned_jump_clients');
  tables.push('teams', 'team_users', 'group_policy_teams', 'support_issues', 'custom_fields', 'session_keys');
  tables.push('support_sessions', 'support_participants', 'support_events', 'support_consoles', 'support_statuses');
  tables.push('support_shells', 'support_surveys', 'support_blobs', 'support_blob_chunks', 'support_invitations');
  tables.push('canned_messages', 'console_links');
  tables.push('outbound_recipients', 'outbound_deliveries', 'mails', 'mail_server');
  tables.push('favourites', 'approvals', 'sessions', 'session_retention', 'brokered', 'recordings', 'host_keys');
  tables.push('jump_item_roles', 'api_accounts', 'api_tokens', 'site_options', 'system_audit', 'api_keys');
  const rows = [];
  for (const table of tables) {
    const found = await sql<{
      row: string;
    }>`select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(host.database.owner);
    rows.push(...found.rows.map(({ row }) => `${table} ${row}`));
  }
  return rows;
};

const ids = (of: SiteUser): Readonly<Record<string, string>> => ({
  ...{ personId: of.personId, id: String(of.userId), lsid: 'a'.repeat(32), clientId: 'a'.repeat(32) },
  ...{ deliveryId: '0198c7a0-0000-7000-8000-000000000000', file: '0198c7a0-0000-4000-8000-000000000000' },
});
const fill = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name) => ids(user)[name] ?? '1');
const closed = () => routes.filter((route) => !open.test(route));
const split = (route: string) => {
  const [method = '', path = ''] = route.split(' ');
  return { method: method.toUpperCase(), path: fill(path) };
};

describe('routes of people', () => {
  test('there are as many as this test thinks', () => {
    expect(closed().length).toBeGreaterThan(70);
    expect(
      closed()
        .filter((route) => !own.test(route))
        .every((route) => route.includes('/api/')),
    ).toBe(true);
  });

  test('without a sign-in every one answers 401, before it reads a body, and changes nothing', async () => {
    const before = await everything();
    for (const route of closed()) {
      const { method, path } = split(route);
      const answer = await raw(host.url, method, path, {
        headers: { origin: host.url, 'content-type': 'application/json' },
        ...(method === 'GET' ? {} : { body: '{"not":"valid' }),
      });
      expect([route, answer.status]).toEqual([route, 401]);
    }
    expect(await everything()).toEqual(before);
  });

  test('to somebody who is no administrator every one but their own answers 403, and changes nothing', async () => {
    const before = await everything();
    for (const route of closed().filter((one) => !own.test(one))) {
      const { method, path } = split(route);
      const answer = await user.ask(method, path, method === 'GET' || method === 'DELETE' ? {} : { body: {} });
      expect([route, answer.status]).toEqual([route, 403]);
    }
    expect(await everything()).toEqual(before);
  });

  test('to somebody who reaches nothing the console shows nothing, and nothing begins', async () => {
    const group = await program.ask('POST', '/api/config/v1/jump-group', { body: { name: 'Closed' } });
    const item = { name: 'closed', hostname: 'closed.example', protocol: 'ssh', port: 22, jumpoint_id: 1 };
    const made = await program.ask('POST', '/api/config/v1/jump-item/shell-jump', {
      body: { ...item, jump_group_id: group.body.id },
    });
    expect([group.status, made.status]).toEqual([201, 201]);
    const closedItem = { type: 'shell-jump', id: made.body.id };
    const bodies: Readonly<Record<string, Json>> = {
      'post /api/console/sessions': { item: closedItem, credential: { from: 'person', username: 'a', password: 'b' } },
      'put /api/console/favourites/{type}/{id}': { isFavourite: true },
      'post /api/console/items/{type}/{id}/approvals': { reason: 'a' },
      'post /api/console/approvals/{id}': { decision: 'approved', comment: '' },
      'post /api/support/sessions/{lsid}/transfer': { queue: 'general' },
      'post /api/support/sessions/{lsid}/notes': { text: 'a' },
      'patch /api/support/sessions/{lsid}/attributes': { attributes: {} },
      'post /api/support/sessions/{lsid}/invite': { userId: 1 },
      'post /api/support/sessions/{lsid}/survey': { answers: [] },
      'post /api/console/jump-clients/{id}/approvals': { reason: 'a' },
      'post /api/support/sessions/{lsid}/machine': { jumpClientId: 1 },
      'post /api/support/session-keys': { queue: 'general' },
      'post /api/console/launches/find': { parameters: { search_string: 'closed' } },
      'post /api/console/launches': { parameters: { search_string: 'closed' }, kind: 'shell-jump', id: made.body.id },
    };
    const queries: Readonly<Record<string, string>> = { search: 'query', files: 'name', content: 'path' };
    const lists: Readonly<Record<string, object>> = { 200: { items: [] } };
    const before = await everything();
    const asked = closed().filter((one) => own.test(one) && !/ \/api\/(me(\/|$)|apps$)/.test(one));
    expect(asked.length).toBeGreaterThan(15);
    for (const route of asked) {
      const { method, path } = split(
        route
          .replace('{type}/{id}', `${closedItem.type}/${closedItem.id}`)
          .replace(/(search|files|content)$/, (end) => `${end}?${queries[end]}=a`),
      );
      const answer = await user.ask(
        method,
        path,
        method === 'GET' || method === 'DELETE' ? {} : { body: bodies[route] ?? {} },
      );
      // A list that comes as a file has its titles and nothing below them.
      if (route.endsWith('.csv') && answer.status === 200) expect(answer.text.split('\r\n').slice(1)).toEqual(['']);
      else
        expect([route, answer.status, answer.body]).toEqual([
          ...[route, expect.toBeOneOf([200, 404])],
          expect.objectContaining(lists[answer.status] ?? { title: 'Not found' }),
        ]);
    }
    expect(await everything()).toEqual(before);
  });

  test('a token of a program opens none of them, and a sign-in opens nothing of programs', async () => {
    for (const route of closed()) {
      const { method, path } = split(route);
      expect([route, (await raw(host.url, method, path, bearer(program.token))).status]).toEqual([route, 401]);
    }
    const administrator = await host.person({ systemAdministrator: true });
    expect((await administrator.get('/api/config/v1/user')).status).toBe(401);
    expect((await host.operator.get('/api/config/v1/user')).status).toBe(401);
  });

  test('another site cannot make an administrator change anything', async () => {
    const administrator = await host.person({ systemAdministrator: true });
    const before = await everything();
    for (const route of closed().filter((one) => !one.startsWith('get '))) {
      const { method, path } = split(route);
      const answer = await administrator.ask(method, path, { headers: { origin: 'https://evil.example' }, body: {} });
      expect([route, answer.status]).toEqual([route, 403]);
    }
    expect(await everything()).toEqual(before);
  });
});

describe('routes of customers', () => {
  test('take nothing from the pages of other sites, and show nothing to whoever is in no session', async () => {
    const before = await everything();
    const asked = routes.filter((route) => portal.test(route));
    expect(asked.length).toBeGreaterThan(7);
    for (const route of asked) {
      const { method, path } = split(route);
      const ask = (origin: string) =>
        raw(host.url, method, path, {
          headers: { origin, 'content-type': 'application/json' },
          ...(method === 'GET' ? {} : { body: '{"answers":[]}' }),
        });
      if (method !== 'GET') expect([route, (await ask('https://evil.example')).status]).toEqual([route, 403]);
      const { status, body } = await ask(host.url);
      if (route === 'get /api/portal') expect(body).toMatchObject({ issues: [] });
      else if (route === 'get /api/portal/session') expect(body).toBeNull();
      else expect([route, status]).toEqual([route, expect.toBeOneOf([204, 400, 404])]);
    }
    expect(await everything()).toEqual(before);
  });
});

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}`, origin: host.url } });
const pathOf = (path: string) => `/api/config/v1${path.replaceAll(/\{\w+\}/g, '1')}`;

/** Everything that programs may ask of the Command API, in both of its versions. */
const commands = () => {
  const { database, clock, site } = host;
  const parts = { database, clock, version: '', support: site.support, baseUrl: () => host.url };
  return [
    ...actions.flatMap(({ name }) => [
      { method: 'GET', path: `/api/command?action=${name}` },
      { method: 'POST', path: `/api/command.ns?action=${name}` },
    ]),
    ...operationsOf(parts).map(({ method, path }) => ({
      ...{
        method,
        path: `/api/command/v2${path.replaceAll(/\{(lsid|client_id)\}/g, 'a'.repeat(32)).replaceAll(/\{id\}/g, '1')}`,
      },
    })),
    { method: 'GET', path: '/api/command.xsd' },
    { method: 'GET', path: '/api/command/v2/openapi.yaml' },
  ];
};

describe('operations of programs', () => {
  test.each([
    ['nothing', undefined],
    ['a token that never was', `Bearer ${'x'.repeat(40)}`],
    ['a client id and secret', `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['two tokens', `Bearer ${'x'.repeat(40)} ${'y'.repeat(40)}`],
  ])('with %s every one answers 401 and changes nothing', async (_what, authorization) => {
    const before = await everything();
    for (const { method, path } of [
      ...operations,
      { method: 'GET', path: '/openapi.yaml' },
      { method: 'PUT', path: '/user' },
    ]) {
      const answer = await raw(host.url, method, pathOf(path), {
        headers: { ...(authorization !== undefined && { authorization }) },
        ...(method === 'GET' ? {} : { body: '{"not":"valid' }),
      });
      expect([path, answer.status, answer.body?.error]).toEqual([path, 401, 'access_denied']);
    }
    expect(await everything()).toEqual(before);
  });

  test('without the permission, or from a forbidden network, none of them answers', async () => {
    const other = await host.program({ perm_configuration: false, perm_ecm: true, perm_scim: true, perm_backup: true });
    const elsewhere = await host.program();
    await host.operator.ask('PATCH', `/api/api-accounts/${elsewhere.account.id}`, {
      body: { ip_addresses: '203.0.113.0/24' },
    });
    const before = await everything();
    for (const { method, path } of operations) {
      const answer = await other.ask(method, pathOf(path), method === 'GET' ? {} : { body: {} });
      expect([path, answer.status]).toEqual([path, 403]);
      expect([path, (await elsewhere.ask(method, pathOf(path))).status]).toEqual([path, 401]);
    }
    expect(await everything()).toEqual(before);
  });

  test('without a token, the permission or the right network nothing of the Command API answers or changes', async () => {
    const denied = await host.program({ perm_command: 'deny' });
    const elsewhere = await host.program({ perm_command: 'full_access' });
    await host.operator.ask('PATCH', `/api/api-accounts/${elsewhere.account.id}`, {
      body: { ip_addresses: '203.0.113.0/24' },
    });
    const before = await everything();
    expect(commands().length).toBeGreaterThan(60);
    for (const { method, path } of commands()) {
      const body = method === 'GET' ? {} : { body: '{"not":"valid' };
      for (const authorization of [undefined, `Bearer ${'x'.repeat(40)}`, host.operatorHeader]) {
        const headers = authorization === undefined ? {} : { authorization };
        const answer = await raw(host.url, method, path, { headers, ...body });
        expect([method, path, answer.status, answer.body?.error]).toEqual([method, path, 401, 'access_denied']);
      }
      const answer = await denied.ask(method, path);
      expect([method, path, answer.status, answer.body?.message]).toEqual([...[method, path, 403], expect.any(String)]);
      expect([path, (await elsewhere.ask(method, path)).status]).toEqual([path, 401]);
    }
    expect(await everything()).toEqual(before);
  });

  test('ids of one object open nothing of another', async () => {
    const add = async (path: string, body: object): Promise<number> =>
      (await program.post(`/api/config/v1${path}`, JSON.parse(JSON.stringify(body)))).body?.id ?? 0;
    const [one, two] = [await add('/group-policy', { name: 'One' }), await add('/group-policy', { name: 'Two' })];
    await add(`/group-policy/${one}/member`, { security_provider_id: 1, user_id: user.userId });
    const [member] = (await program.get(`/api/config/v1/group-policy/${one}/member`)).body;
    for (const method of ['GET', 'DELETE'])
      expect((await program.ask(method, `/api/config/v1/group-policy/${two}/member/${member.id}`)).status).toBe(404);
    for (const path of [`/api/group-policies/${two}/members/${member.id}`])
      expect((await host.operator.ask('DELETE', path)).status).toBe(404);
    expect((await program.get(`/api/config/v1/group-policy/${one}/member/${member.id}`)).status).toBe(200);
  });

  test('no answer, log line or row holds a secret, a token or a password in the clear', async () => {
    const password = 'seven ducks under a bridge';
    await program.post('/api/config/v1/user', { username: 'planted', public_display_name: 'Planted', password });
    const { account, token } = program;
    const kept = `${(await everything()).join('\n')}\n${host.log.join('\n')}`;
    for (const secret of [password, account.secret, token]) expect(kept).not.toContain(secret);
    const answers = await Promise.all(
      ['/api/config/v1/api-account', '/api/config/v1/user'].map(async (path) => (await program.get(path)).text),
    );
    answers.push(
      (await host.operator.get('/api/api-accounts')).text,
      (await host.operator.get('/api/audit?limit=500')).text,
    );
    for (const text of answers) {
      for (const secret of [password, account.secret, token]) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/secret_hash|"password":"(?!set)/);
    }
  });
});

describe('bodies that are no bodies', () => {
  test.each([
    ['an array', '[]'],
    ['a text', '"x"'],
    ['null', 'null'],
    ['a name with a zero byte', '{"name":"a\\u0000b"}'],
    ['a name that is an object', '{"name":{"toString":"x"}}'],
    ['a prototype', '{"__proto__":{"name":"x"}}'],
    ['a number that is too large', '{"name":"x","ecm_group_id":1e308}'],
    ['half a surrogate pair', '{"name":"\\ud800"}'],
    ['nothing', ''],
  ])('%s is refused or kept as it is, and never a 500', async (_what, body) => {
    host.clock.move(100);
    const answer = await raw(host.url, 'POST', '/api/config/v1/jump-group', { ...bearer(program.token), body });
    expect([401, 422, 201]).toContain(answer.status);
    const own = await raw(host.url, 'POST', '/api/jump-groups', {
      headers: { authorization: host.operatorHeader, 'content-type': 'application/json' },
      body,
    });
    expect([400, 201, 409]).toContain(own.status);
  });

  test.each([
    '/api/users?search=%00',
    '/api/audit?search=%00',
    '/api/users?cursor=1%00',
    '/api/audit?cursor=%00',
    '/api/users/1/reach?search=%00',
    '/get_mech_list?version=%00',
    '/api/teams?search=%00',
    '/api/support-sessions?cursor=%00',
    '/api/session-keys?cursor=999999999999999',
  ])('%s is never a 500', async (path) => {
    expect([200, 400]).toContain((await host.operator.get(path)).status);
  });

  test.each([
    ...[
      'generate_session_key&type=support&queue_id=rep_username:%00',
      'generate_session_key&type=support&queue_id=issue:%ff',
    ],
    ...['terminate_session&lsid=%00', 'set_rep_status&rep_id=99999999999999999999&code_name=%00', '%00', '__proto__'],
    ...['set_session_attributes&lsid=0123456789abcdef0123456789abcdef&session.custom.__proto__=x', 'get_api_info&a=%'],
    `send_chat_message&lsid=${'a'.repeat(32)}&body=%00&impersonate=rep_username:%00`,
  ])('the Command API answers %s in words', async (query) => {
    const full = await host.program({ perm_command: 'full_access' });
    const answer = await full.get(`/api/command?action=${query}`);
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/<(error|api_information) /)]);
  });

  test('a client id of any characters is a client that does not exist', async () => {
    for (const id of ['\0', "' or 1=1 --", 'é'.repeat(40), '']) {
      const authorization = `Basic ${Buffer.from(`${id}:x`).toString('base64')}`;
      const answer = await raw(host.url, 'POST', '/oauth2/token', {
        headers: { authorization },
        body: 'grant_type=client_credentials',
      });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
    }
  });

  test('a body of more than a mebibyte is 413', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(1_100_000) });
    host.clock.move(100);
    const answer = await raw(host.url, 'POST', '/api/config/v1/jump-group', { ...bearer(program.token), body });
    expect([answer.status, answer.body.message]).toEqual([413, expect.any(String)]);
  });
});
