import type { Json } from '@gatehouse/kernel';
import { testPassword } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaints, type End, flat, type Schema, valueFor } from '../testing/json-schema.ts';
import { isMissing, type OfficialOperation, official, reason, resolve, writableOf } from '../testing/official.ts';
import { type Program, type TestSite, testSite } from '../testing/test-site.ts';
import { notServed } from './not-served.ts';
import { operations } from './operations.ts';

const name = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;
const servedNames = new Set([...operations.map(name), 'GET /openapi.yaml']);
const served = official.filter((one) => servedNames.has(name(one)) && one.path !== '/openapi.yaml');
const api = '/api/config/v1';

let host: TestSite;
let program: Program;
/** Objects that others refer to, by the name of the field. */
let known: Record<string, number>;

const must = async (path: string, body: object): Promise<number> => {
  const answer = await program.post(`${api}${path}`, JSON.parse(JSON.stringify(body)));
  if (answer.status !== 201) throw new Error(`${path}: ${answer.text}`);
  return answer.body?.id ?? 0;
};
let last = 0;
const fresh = (what: string) => {
  last += 1;
  return `${what} ${last}`;
};

beforeAll(async () => {
  if (isMissing) return;
  host = await testSite();
  program = await host.program();
  const session = await host.operator.post('/api/session-policies', { display_name: 'Strict' });
  known = {
    ...{ jumpoint_id: 1, security_provider_id: 1, jump_item_role_id: 2, session_policy_id: session.body.id },
    ...{ default_jump_item_role_id: 2, private_jump_item_role_id: 2, inferior_jump_item_role_id: 2 },
    ...{ unassigned_jump_item_role_id: 2, ecm_group_id: 7, api_account_id: program.account.id },
    user_id: await must('/user', { username: fresh('user'), public_display_name: 'Known' }),
    jump_group_id: await must('/jump-group', { name: fresh('group') }),
    jump_policy_id: await must('/jump-policy', { display_name: 'Known' }),
    team_id: await must('/team', { name: fresh('team') }),
  };
});
afterAll(() => host?.close());

/** Makes the object that the path of an operation leads to, new each time, and fills its ids in. */
const place = async (path: string): Promise<string> => {
  const [, noun = '', sub = ''] =
    /^\/([a-z-]+(?:\/(?:shell|remote)-[a-z]+|\/installer)?)\/\{id\}(?:\/([a-z-]+))?/.exec(path) ?? [];
  if (noun === '') return path;
  const id = await makers[noun]?.();
  if (id === undefined) throw new Error(`The test makes no ${noun}.`);
  let filled = path.replace('{id}', String(id));
  const user = () => must('/user', { username: fresh('user'), public_display_name: 'Linked' });
  if (path.includes('{user_id}')) {
    const user_id = await user();
    await must(`/${noun}/${id}/${sub}`, { user_id, ...(noun === 'team' && { team_id: id }) });
    filled = filled.replace('{user_id}', String(user_id));
  }
  if (path.includes('{member_id}')) {
    await must(`/group-policy/${id}/member`, { security_provider_id: 1, user_id: await user() });
    const members = await program.get(`${api}/group-policy/${id}/member`);
    filled = filled.replace('{member_id}', String(members.body[0].id));
  }
  if (path.includes('{team_id}')) {
    await must(`/group-policy/${id}/team`, { team_id: known.team_id });
    filled = filled.replace('{team_id}', String(known.team_id));
  }
  if (path.includes('{jump_group_id}')) {
    await must(`/group-policy/${id}/jump-group`, { jump_group_id: known.jump_group_id });
    filled = filled.replace('{jump_group_id}', String(known.jump_group_id));
  }
  return filled;
};

/** As a machine that connected once; only machines pin themselves. */
const pinClient = async (): Promise<number> => {
  const { rows } = await host.database.system((tx) =>
    sql<{ id: number }>`
      insert into jump_clients (client_key, public_key, name, jump_group_id, jump_group_type, tag, comments,
        max_offline_minutes, hostname, fqdn, operating_system, private_ip, public_ip, console_user, install_mode, version,
        allows_shell, allows_files, allows_hosts, pinned_at, connected_at, seen_at)
      values (gen_random_uuid(), gen_random_uuid(), 'x', ${known.jump_group_id}, 'shared', '', '', 0, 'pc', 'pc.example',
        'Linux', '10.0.0.1', '192.0.2.1', 'carol', 'user', '0.1.0', true, true, false, now(), now(), now())
      returning id`.execute(tx),
  );
  return rows[0]?.id ?? 0;
};
const item = () => ({ name: 'x', hostname: 'host', jumpoint_id: 1, jump_group_id: known.jump_group_id });
const makers: Readonly<Record<string, () => Promise<number> | number>> = {
  user: () => must('/user', { username: fresh('user'), public_display_name: 'Made' }),
  'group-policy': () => must('/group-policy', { name: fresh('policy') }),
  'jump-group': () => must('/jump-group', { name: fresh('group') }),
  team: () => must('/team', { name: fresh('team') }),
  'jump-policy': () => must('/jump-policy', { display_name: 'Made' }),
  'jump-item/shell-jump': () => must('/jump-item/shell-jump', { ...item(), protocol: 'ssh' }),
  'jump-item/remote-vnc': () => must('/jump-item/remote-vnc', item()),
  'jump-item/remote-rdp': () => must('/jump-item/remote-rdp', item()),
  'jump-client': pinClient,
  'jump-client/installer': () => must('/jump-client/installer', { jump_group_id: known.jump_group_id }),
  'jump-item-role': () => 1,
  'security-provider': () => 1,
  jumpoint: () => 1,
  'api-account': () => known.api_account_id ?? 0,
};

/** What the schema allows and the words beside it do not, or what must be there already. */
const adjusted = async (operation: OfficialOperation, body: Record<string, unknown>): Promise<object> => {
  const all = { ...body };
  for (const [field, id] of Object.entries(known)) if (field in all && all[field] !== 0) all[field] = id;
  // Whom a Jump group or a policy does not have yet.
  if ('user_id' in all) all.user_id = await makers.user?.();
  if ('jump_group_id' in all && operation.path.endsWith('/jump-group'))
    all.jump_group_id = await makers['jump-group']?.();
  // Jump Clients connect outwards here, and through nothing.
  if ('connection_type' in all) all.connection_type = 'active';
  if ('jumpoint_proxy' in all) all.jumpoint_proxy = '';
  if (all.jump_group_type === 'personal') all.jump_group_id = known.user_id;
  if ('password' in all) all.password = testPassword;
  if ('email_address' in all) all.email_address = `${fresh('mail').replace(' ', '-')}@example.com`;
  // Zero, or nothing at all, is the only number of failures that can be set.
  if ('failed_logins' in all) all.failed_logins = 0;
  if ('perm_session_idle_timeout' in all) all.perm_session_idle_timeout = 3_600;
  // "This attribute is only present for users and groups belonging to LDAP", SAML or SCIM providers.
  if (operation.path.endsWith('/member'))
    return { security_provider_id: 1, user_id: all.user_id ?? (await makers.user?.()) };
  if (operation.path.includes('/group-policy-changes'))
    return { added: [await makers['group-policy']?.()], removed: [] };
  if (operation.path.startsWith('/jump-policy')) {
    const scheduled = all.schedule_enabled !== false;
    if ('schedule_strict' in all) all.schedule_strict = scheduled;
    if ('approval_required' in all) all.approval_required = !scheduled;
    if ('simultaneous_jump_behavior_applies_to_copies' in all)
      all.simultaneous_jump_behavior_applies_to_copies = all.simultaneous_jumps === 'join';
    if ('approval_user_ids' in all) all.approval_user_ids = [String(known.user_id)];
    if ('notification_email_addresses' in all) all.notification_email_addresses = ['somebody@example.com'];
  }
  return all;
};

/** The least that is required, then everything at both ends, with every value of every enum. */
const bodiesFor = async (operation: OfficialOperation): Promise<readonly object[]> => {
  if (operation.body === null) return [];
  const { required, properties } = writableOf(operation.body);
  const turns = Math.max(2, ...properties.map(([, one]) => flat(one, resolve).enum?.length ?? 0));
  const bodies: object[] = [];
  const make = (end: End, turn: number, only?: readonly string[]) =>
    Object.fromEntries(
      properties
        .filter(([property]) => only === undefined || only.includes(property))
        .map(([property, schema]) => [property, valueFor(schema, end, turn, resolve)]),
    );
  const needed = operation.method === 'PATCH' ? [] : required;
  bodies.push(await adjusted(operation, make('least', 0, needed)));
  for (let turn = 0; turn < turns; turn += 1)
    for (const end of ['least', 'most'] as const) bodies.push(await adjusted(operation, make(end, turn)));
  return bodies;
};

/** Fields that the words beside an operation require, and its schema does not. */
const alsoNeeded: readonly (readonly [RegExp, string])[] = [
  [/^POST \/user$/, 'username'],
  [/^POST .*\}\/user$/, 'user_id'],
  [/^POST .*\}\/jump-group$/, 'jump_group_id'],
];
const isEnough = (operation: OfficialOperation, body: object) =>
  alsoNeeded.every(([pattern, field]) => !pattern.test(name(operation)) || field in body);

const schemaFor = (operation: OfficialOperation, status: number): Schema | null | undefined =>
  operation.answers.get(status) ??
  // Some operations name no error answers, and those of others are the same.
  (status === 404 || status === 422
    ? resolve('#/components/schemas/ErrorMessageResponse')
    : operation.answers.get(status));

const check = (operation: OfficialOperation, status: number, body: unknown, text: string): readonly string[] => {
  if (!operation.answers.has(status)) return [`${name(operation)} answered ${status}: ${text}`];
  const schema = schemaFor(operation, status);
  if (schema === null || schema === undefined) return text === '' ? [] : [`${name(operation)} answered ${text}`];
  return complaints(schema, body, resolve, name(operation));
};

describe.skipIf(isMissing)(`the official description${reason}`, () => {
  test('names every operation that is served, and the rest is written down as not served', () => {
    const all = official.map(name);
    expect([...servedNames].filter((one) => !all.includes(one))).toEqual([]);
    const missing = all.filter((one) => !servedNames.has(one)).toSorted();
    expect(notServed.flatMap((group) => group.operations).toSorted()).toEqual(missing);
    expect([all.length, servedNames.size, missing.length]).toEqual([222, 89, 133]);
  });

  test.each(served.map((operation) => [name(operation), operation] as const))(
    '%s takes what the description allows and answers as it says',
    async (_name, operation) => {
      const bodies = await bodiesFor(operation);
      const problems: string[] = [];
      for (const body of bodies.length === 0 ? [undefined] : bodies) {
        if (body !== undefined && !isEnough(operation, body)) continue;
        const path = `${api}${await place(operation.path)}`;
        // What is added belongs to the team of the address.
        const ofAddress = /^POST .*\/team\/(\d+)\/user$/.exec(`${operation.method} ${path}`)?.[1];
        if (body !== undefined && ofAddress !== undefined) Object.assign(body, { team_id: Number(ofAddress) });
        const sent = body === undefined ? {} : { body: JSON.parse(JSON.stringify(body)) as Json };
        const answer = await program.ask(operation.method, path, sent);
        problems.push(...check(operation, answer.status, answer.body, answer.text));
        if (answer.status >= 300) problems.push(`${operation.method} ${path} ${JSON.stringify(body)}: ${answer.text}`);
        problems.push(...echoed(body, answer.body));
        if (operation.isPaged) problems.push(...pagingOf(answer.headers));
        if (operation.method === 'DELETE') expect((await program.get(path)).status).toBe(404);
      }
      expect(problems.slice(0, 5).map((line) => line.slice(0, 2_000))).toEqual([]);
    },
  );

  test.each(served.filter(({ query }) => query.length > 0).map((operation) => [name(operation), operation] as const))(
    '%s takes every parameter of its query',
    async (_name, operation) => {
      const path = `${api}${await place(operation.path)}`;
      for (const { name: parameter, schema } of operation.query)
        for (const end of ['least', 'most'] as const) {
          const value = valueFor(schema, end, 0, resolve);
          const answer = await program.get(`${path}?${new URLSearchParams({ [parameter]: String(value) })}`);
          expect([parameter, value, check(operation, answer.status, answer.body, answer.text)]).toEqual([
            ...[parameter, value, []],
          ]);
          expect(answer.status).toBe(200);
        }
    },
  );

  test.each(served.filter(({ path }) => path.includes('{')).map((operation) => [name(operation), operation] as const))(
    '%s answers 404 with a message for what is not there',
    async (_name, operation) => {
      const path = `${api}${operation.path.replaceAll(/\{\w+\}/g, '2147483647')}`;
      const body = (await bodiesFor(operation)).at(-1);
      const answer = await program.ask(operation.method, path, body ? { body: JSON.parse(JSON.stringify(body)) } : {});
      expect([answer.status, answer.body]).toEqual([404, { message: 'Not Found' }]);
    },
  );

  test('every address answers HEAD and OPTIONS, 405 to other verbs and 401 to what it does not know', async () => {
    for (const path of new Set(served.map((operation) => operation.path))) {
      const methods = served.filter((one) => one.path === path).map(({ method }) => method);
      const filled = `${api}${await place(path)}`;
      const allow = (await program.ask('OPTIONS', filled)).headers.get('allow')?.split(',') ?? [];
      expect(allow.filter((method) => method !== 'HEAD').toSorted()).toEqual(methods.toSorted());
      expect([path, (await program.ask('PUT', filled)).status]).toEqual([path, 405]);
      if (methods.includes('GET')) {
        expect([path, (await program.ask('HEAD', filled)).status]).toEqual([path, 200]);
        expect([path, (await program.get(`${filled}?unknown=1`)).status]).toEqual([path, 401]);
      }
      for (const method of methods.filter((one) => ['POST', 'PATCH'].includes(one))) {
        const takesBody = served.some((one) => one.path === path && one.method === method && one.body !== null);
        if (takesBody)
          expect([path, (await program.ask(method, filled, { body: { unknown: 1 } })).status]).toEqual([path, 401]);
      }
    }
  });
});

/** What was sent and is answered is answered as it was sent. */
const echoed = (sent: object | undefined, answered: unknown): readonly string[] =>
  typeof answered !== 'object' || answered === null || Array.isArray(answered)
    ? []
    : Object.entries(sent ?? {}).flatMap(([field, value]) => {
        const back = (answered as Record<string, unknown>)[field];
        const same =
          typeof value === 'string' && /^\d{4}-.*T/.test(value)
            ? String(back).slice(0, 19) === value.slice(0, 19)
            : JSON.stringify(back) === JSON.stringify(value);
        return back === undefined || same
          ? []
          : [`${field} was ${JSON.stringify(value)} and is ${JSON.stringify(back)}`];
      });

const pagingOf = (headers: Headers): readonly string[] => {
  const numbers = ['current-page', 'per-page', 'last-page', 'total'].map((one) =>
    headers.get(`x-bt-pagination-${one}`),
  );
  const link = headers.get('link') ?? '';
  return numbers.every((one) => one !== null && /^\d+$/.test(one)) && /rel="first".*rel="last"/.test(link)
    ? []
    : [`paging is ${numbers.join(', ')} and ${link}`];
};
