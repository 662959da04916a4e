import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestInsights, testInsights } from '../testing/test-insights.ts';

let host: TestInsights;
let tenantId: TenantId;
const connectionId = newId();
const now = Date.now();
const daysAgo = (days: number) => new Date(now - days * 86_400_000);

const accounts = [
  ['a', 'Ada Lovelace', 'ada.lovelace@acme.example', 'user', 'enabled', daysAgo(1), 4, ['x:1', 'y:2']],
  ['b', 'barbara liskov', 'barbara@acme.example', 'user', 'disabled', daysAgo(70), 0, []],
  ['c', 'Grace Hopper', 'grace_hopper@acme.example', 'service', 'enabled', null, null, ['x:1']],
  ['d', null, "o'brien%_x@acme.example", 'user', null, daysAgo(30), 2, []],
  ['e', 'ada byron', null, 'guest', 'locked', daysAgo(400), 3, []],
  ['gone', 'Gone Person', 'gone@acme.example', 'user', 'enabled', daysAgo(5), 4, []],
] as const;

beforeAll(async () => {
  host = await testInsights({ role: 'web' });
  tenantId = await host.tenant('Lists');
  await host.database.tenant(tenantId, async (tx) => {
    await sql`insert into connections (tenant_id, connection_id, connector, name, point, settings, created_at, changed_at, last_activity_at)
      values (${tenantId}, ${connectionId}, 'acme', 'Acme', 'acme.example', '{}', now(), now(), now())`.execute(tx);
    for (const [id, name, email, type, status, lastLoginAt, privilege, externalIds] of accounts) {
      await sql`insert into accounts (tenant_id, connection_id, stream, id, login, display_name, email, type, status,
          last_login_at, true_privilege, external_ids, sso_only, hash, raw, gone_at)
        values (${tenantId}, ${connectionId}, 'people', ${id}, ${email ?? `login-${id}`}, ${name}, ${email}, ${type}, ${status},
          ${lastLoginAt}, ${privilege}, ${[...externalIds]}::text[], ${id === 'a' ? true : id === 'b' ? false : null}, '\\x00', '{}',
          ${id === 'gone' ? new Date() : null})`.execute(tx);
    }
    await sql`insert into policies (tenant_id, connection_id, stream, id, name, priority, settings, hash, raw)
      values (${tenantId}, ${connectionId}, 'policies', 'one', 'One', 1, '{"a":1}', '\\x00', '{}'),
        (${tenantId}, ${connectionId}, 'policies', 'two', 'Two', 2.5, null, '\\x00', '{}')`.execute(tx);
  });
});
afterAll(() => host.close());

const ask = (kind: string, query: string) => host.operator.get(`/api/tenants/${tenantId}/inventory/${kind}?${query}`);
const ids = async (query: string, kind = 'accounts'): Promise<string> => {
  const { status, body, text } = await ask(kind, query);
  if (status !== 200) throw new Error(text);
  return body.items.map(({ id }: { id: string }) => id).join(' ');
};
const filter = (...filters: string[]) => new URLSearchParams(filters.map((one) => ['filter', one])).toString();

describe('each operator', () => {
  test.each([
    ['type:eq:user', 'a b d'],
    ['type:ne:user', 'c e'],
    ['status:ne:enabled', 'b d e'],
    ['type:in:service|guest', 'c e'],
    ['displayName:eq:Ada Lovelace', 'a'],
    ['displayName:eq:ada lovelace', ''],
    ['displayName:in:Ada Lovelace|Grace Hopper', 'a c'],
    ['displayName:contains:ADA', 'a e'],
    ['email:contains:%_x', 'd'],
    ['email:contains:_hopper', 'c'],
    ['displayName:null', 'd'],
    ['displayName:notnull:', 'a b c e'],
    ['externalIds:contains:x:1', 'a c'],
    ['externalIds:null', 'b d e'],
    ['externalIds:notnull', 'a c'],
    [`lastLoginAt:lt:${daysAgo(60).toISOString()}`, 'b e'],
    ['lastLoginAt:lt:-60d', 'b e'],
    [`lastLoginAt:gt:${daysAgo(40).toISOString().slice(0, 10)}`, 'a d'],
    ['lastLoginAt:null', 'c'],
    ['ssoOnly:eq:true', 'a'],
    ['ssoOnly:ne:true', 'b c d e'],
    ['ssoOnly:null', 'c d e'],
    ['truePrivilege:eq:highest', 'a'],
    ['truePrivilege:in:high|highest', 'a e'],
    ['truePrivilege:in:none|undetermined', 'b c'],
    ['truePrivilege:eq:undetermined', 'c'],
    ['truePrivilege:ne:undetermined', 'a b d e'],
    ['truePrivilege:ne:none', 'a c d e'],
    ['truePrivilege:gt:moderate', 'a e'],
    ['truePrivilege:lt:moderate', 'b'],
    ['truePrivilege:null', 'c'],
    [`_connection:eq:${connectionId}`, 'a b c d e'],
    [`_connection:ne:${connectionId}`, ''],
    ['id:in:a|e', 'a e'],
    ['gone:eq:true', 'gone'],
    ['gone:eq:false', 'a b c d e'],
    ['gone:in:true|false', 'a b c d e gone'],
    ['gone:ne:true', 'a b c d e'],
  ])('%s', async (one, expected) => {
    expect(await ids(filter(one))).toBe(expected);
  });

  test('numbers and settings of other kinds', async () => {
    expect(await ids(filter('priority:gt:1'), 'policies')).toBe('two');
    expect(await ids(filter('priority:lt:2.5'), 'policies')).toBe('one');
    expect(await ids(filter('settings:null'), 'policies')).toBe('two');
    expect(await ids(filter('priority:eq:1', 'settings:notnull'), 'policies')).toBe('one');
  });

  test('all filters must hold', async () => {
    expect(await ids(filter('type:eq:user', 'status:eq:enabled'))).toBe('a');
  });
});

test.each([
  ['filter=nothing:eq:1', 'filter', '"nothing" is not a column'],
  ['filter=displayName', 'filter', 'column:operator:value'],
  ['filter=displayName:like:x', 'filter', 'Name. It takes eq, ne'],
  ['filter=displayName:eq', 'filter', 'write a value'],
  ['filter=status:eq:banana', 'filter', 'one of enabled, disabled'],
  ['filter=lastLoginAt:lt:yesterday', 'filter', 'not a time'],
  ['filter=lastLoginAt:lt:2026-13-41', 'filter', 'not a time'],
  ['filter=ssoOnly:eq:maybe', 'filter', 'true or false'],
  ['filter=_connection:eq:1%27%20or%201=1', 'filter', 'not an id'],
  ['filter=displayName:contains:%00', 'filter', 'character'],
  ['filter=truePrivilege:eq:5', 'filter', 'one of none, low'],
  ['sort=emails', 'sort', 'cannot be sorted'],
  ['sort=-nothing', 'sort', 'cannot be sorted'],
  ['limit=0', 'limit', ''],
  ['limit=501', 'limit', ''],
  ['cursor=rubbish', 'cursor', 'damaged'],
])('%s is refused and the field is named', async (query, field, words) => {
  const { status, body } = await ask('accounts', query);
  expect(status).toBe(400);
  expect(body.errors[0].field).toBe(field);
  expect(body.errors[0].message).toContain(words);
});

test('an unknown kind is not there, and one without search says so', async () => {
  expect((await ask('nothing', '')).status).toBe(404);
  expect((await ask('memberships', 'search=x')).body.errors).toMatchObject([{ field: 'search' }]);
});

test('search finds the beginnings of words in any order and any case', async () => {
  expect(await ids('search=lovelace ada')).toBe('a');
  expect(await ids('search=ADA')).toBe('a e');
  expect(await ids('search=grace_hopper@acme')).toBe('c');
  expect(await ids('search=acme.example')).toBe('a b c d');
  expect(await ids("search=o'brien")).toBe('d');
  expect(await ids('search=velace')).toBe('');
  for (const strange of ["'", '\\', '&', "':*", ' ', '!ada|', '😀', '<->']) {
    expect((await ask('accounts', `search=${encodeURIComponent(strange)}`)).status, strange).toBe(200);
  }
});

test('sorting goes by the words people see, with what is unknown at the end in both directions', async () => {
  expect(await ids('sort=displayName')).toBe('e a b c d');
  expect(await ids('sort=-displayName')).toBe('c b a e d');
  expect(await ids('sort=lastLoginAt')).toBe('e b d a c');
  expect(await ids('sort=-lastLoginAt')).toBe('a d b e c');
  expect(await ids('sort=-truePrivilege')).toBe('a e d b c');
});

test.each([
  '',
  'sort=displayName',
  'sort=-displayName',
  'sort=lastLoginAt',
  'sort=-lastLoginAt',
  'sort=-truePrivilege',
])('pages of one row (%s) hold every row once, also when rows come and go between them', async (sort) => {
  const whole = await ids(sort);
  const seen: string[] = [];
  let cursor: string | null = null;
  let added = false;
  do {
    const { body } = await ask('accounts', `${sort}&limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    expect(body.total).toEqual({ value: 5, exact: true });
    cursor = body.next;
    if (!added) {
      added = true;
      // Sorts before everything that was shown, so the next page must not shift.
      await host.database.tenant(tenantId, (tx) =>
        sql`insert into accounts (tenant_id, connection_id, stream, id, display_name, last_login_at, hash, raw, gone_at)
            values (${tenantId}, ${connectionId}, 'people', ${`z${sort}`}, null, null, '\\x00', '{}', now())`.execute(
          tx,
        ),
      );
    }
  } while (cursor);
  expect(seen.join(' ')).toBe(whole);
});

test('a cursor continues only the query it came from', async () => {
  const { body } = await ask('accounts', 'sort=displayName&limit=1');
  for (const other of [
    'sort=-displayName',
    'sort=displayName&search=a',
    `sort=displayName&${filter('type:eq:user')}`,
  ]) {
    expect((await ask('accounts', `${other}&cursor=${body.next}`)).body.errors).toMatchObject([{ field: 'cursor' }]);
  }
  const bent = Buffer.from(Buffer.from(body.next, 'base64url').toString().replace('"k":"ada', '"k":"zzz')).toString(
    'base64url',
  );
  expect((await ask('accounts', `sort=displayName&cursor=${bent}`)).status).toBe(400);
});

test('an export has the chosen columns of every row of the query', async () => {
  const path = `/api/tenants/${tenantId}/inventory/accounts/export.csv`;
  const answer = await host.operator.get(`${path}?sort=displayName&columns=id,displayName,truePrivilege,_connection`);
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.text.split('\r\n')).toEqual([
    'Id in the system,Name,True Privilege,Connection',
    'e,ada byron,high,Acme',
    'a,Ada Lovelace,highest,Acme',
    'b,barbara liskov,none,Acme',
    'c,Grace Hopper,undetermined,Acme',
    'd,,moderate,Acme',
    '',
  ]);
  expect((await host.operator.get(`${path}?columns=id,secret`)).body.errors).toMatchObject([{ field: 'columns' }]);
  expect((await host.operator.get('/api/inventory/kinds')).body.map(({ kind }: { kind: string }) => kind)).toContain(
    'identities',
  );
});
