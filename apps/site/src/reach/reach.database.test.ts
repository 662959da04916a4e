import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JumpItemType } from '../api/jump-items.ts';
import { type Program, type TestSite, testSite } from '../testing/test-site.ts';
import { findReach, listReach } from './index.ts';

let host: TestSite;
let program: Program;
const ids = { group: 0, shell: 0, vnc: 0, start: 2, none: 1 };
/** A Wednesday. */
const noon = new Date('2026-11-25T12:00:00Z');

const add = async (path: string, body: object): Promise<number> => {
  const answer = await program.post(`/api/config/v1${path}`, JSON.parse(JSON.stringify(body)));
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body?.id ?? 0;
};
let last = 0;
const next = () => {
  last += 1;
  return last;
};
const user = () => add('/user', { username: `user-${next()}`, public_display_name: 'Somebody' });
const policy = async (fields: object, members: readonly number[], link: object | null = {}) => {
  const id = await add('/group-policy', { name: `Policy ${next()}`, ...fields });
  for (const user_id of members) await add(`/group-policy/${id}/member`, { security_provider_id: 1, user_id });
  if (link) await add(`/group-policy/${id}/jump-group`, { jump_group_id: ids.group, ...link });
  return id;
};
const everything = {
  ...{ access_perm_status: 'defined', perm_access_allowed: true, perm_shell_jump: true, perm_remote_vnc: true },
  ...{ perm_remote_rdp: true, default_jump_item_role_id: 2, private_jump_item_role_id: 2 },
};
const reach = (userId: number, at = noon) =>
  host.database.system((tx) => listReach(tx, userId, at, { limit: 100, offset: 0 }));
const obstacle = (userId: number, type: JumpItemType, id: number, at = noon) =>
  host.database.system(async (tx) => {
    const found = await findReach(tx, userId, { type, id }, at);
    return found === null ? 'unseen' : found.obstacle;
  });

beforeAll(async () => {
  host = await testSite();
  program = await host.program();
  ids.group = await add('/jump-group', { name: 'Servers' });
  const item = { hostname: 'web.example', jumpoint_id: 1, jump_group_id: ids.group };
  ids.shell = await add('/jump-item/shell-jump', { ...item, name: 'web', protocol: 'ssh', port: 2222 });
  ids.vnc = await add('/jump-item/remote-vnc', { ...item, name: 'desk' });
});
afterAll(() => host.close());

test('who is in no policy and no Jump group sees nothing', async () => {
  expect(await reach(await user())).toEqual([]);
  expect(await reach(2_147_483_647)).toEqual([]);
});

test('a member of a policy reaches its Jump groups with its protocols', async () => {
  const one = await user();
  await policy({ ...everything, perm_remote_vnc: false }, [one]);
  expect(await reach(one)).toMatchObject([
    { type: 'remote-vnc', name: 'desk', obstacle: 'protocol' },
    { ...{ type: 'shell-jump', id: ids.shell, name: 'web', hostname: 'web.example', port: 2_222 }, obstacle: null },
  ]);
});

test('without access to endpoints, or switched off, nobody begins a session', async () => {
  const one = await user();
  const id = await policy({ ...everything, perm_access_allowed: false }, [one]);
  expect(await obstacle(one, 'shell-jump', ids.shell)).toBe('access');
  await program.ask('PATCH', `/api/config/v1/group-policy/${id}`, { body: { perm_access_allowed: true } });
  expect(await obstacle(one, 'shell-jump', ids.shell)).toBe(null);
  await program.ask('PATCH', `/api/config/v1/user/${one}`, { body: { enabled: false } });
  expect(await obstacle(one, 'shell-jump', ids.shell)).toBe('disabled');
});

test('the role decides: one without permissions hides the items, one without start only shows them', async () => {
  const [hidden, shown, starting] = [await user(), await user(), await user()];
  await policy(everything, [hidden], { jump_item_role_id: ids.none });
  await policy(everything, [shown], { jump_item_role_id: 3 });
  await policy({ ...everything, default_jump_item_role_id: 3 }, [starting], { jump_item_role_id: ids.start });
  expect(await obstacle(hidden, 'shell-jump', ids.shell)).toBe('unseen');
  expect(await obstacle(shown, 'shell-jump', ids.shell)).toBe('role');
  expect(await obstacle(starting, 'shell-jump', ids.shell)).toBe(null);
});

test('of several ways to an item the best counts', async () => {
  const one = await user();
  await policy(everything, [one], { jump_item_role_id: 3 });
  await add(`/jump-group/${ids.group}/user`, { user_id: one, jump_item_role_id: ids.start });
  expect(await obstacle(one, 'shell-jump', ids.shell)).toBe(null);
});

test('a first final policy decides about permissions, else the last that defines them', async () => {
  const [defined, final] = [await user(), await user()];
  await policy(everything, [defined, final]);
  await policy({ ...everything, access_perm_status: 'final', perm_shell_jump: false }, [final], null);
  await policy({ ...everything, perm_remote_vnc: false }, [defined, final], null);
  await policy({ access_perm_status: 'not_defined' }, [defined, final], null);
  expect([await obstacle(defined, 'shell-jump', ids.shell), await obstacle(defined, 'remote-vnc', ids.vnc)]).toEqual([
    ...[null, 'protocol'],
  ]);
  expect([await obstacle(final, 'shell-jump', ids.shell), await obstacle(final, 'remote-vnc', ids.vnc)]).toEqual([
    ...['protocol', null],
  ]);
});

test('a schedule lets people in by the clock of its time zone, also over Sunday', async () => {
  const one = await user();
  const jumpPolicy = await add('/jump-policy', { display_name: 'Office hours' });
  await policy(everything, [one], { jump_policy_id: jumpPolicy });
  const set = (timezone: string, ...entries: object[]) =>
    host.operator.ask('PUT', `/api/jump-policies/${jumpPolicy}/schedule`, {
      body: JSON.parse(JSON.stringify({ timezone, entries })),
    });
  const entry = (start_day: number, start_time: string, end_day: number, end_time: string) => ({
    ...{ start_day, start_time, end_day, end_time },
  });
  const at = (time: string) => obstacle(one, 'shell-jump', ids.shell, new Date(time));
  expect((await set('Europe/Berlin', entry(2, '09:00', 2, '17:00'))).status).toBe(200);
  // Berlin is one hour ahead in November.
  expect(await at('2026-11-25T07:59:59Z')).toBe('schedule');
  expect(await at('2026-11-25T08:00:00Z')).toBe(null);
  expect(await at('2026-11-25T15:59:59Z')).toBe(null);
  expect(await at('2026-11-25T16:00:00Z')).toBe('schedule');
  await set('UTC', entry(5, '22:00', 0, '06:00'));
  expect(await at('2026-11-29T12:00:00Z')).toBe(null);
  expect(await at('2026-11-30T05:59:00Z')).toBe(null);
  expect(await at('2026-11-30T06:00:00Z')).toBe('schedule');
  await set('UTC');
  expect(await at('2026-11-29T12:00:00Z')).toBe('schedule');
  await program.ask('PATCH', `/api/config/v1/jump-policy/${jumpPolicy}`, { body: { schedule_enabled: false } });
  expect(await at('2026-11-29T12:00:00Z')).toBe(null);
  expect((await set('Middle/Earth')).body.errors).toMatchObject([{ field: 'timezone' }]);
  expect((await set('UTC', entry(7, '22:00', 0, '06:00'))).status).toBe(400);
  expect((await set('UTC', entry(6, '24:00', 0, '06:00'))).status).toBe(400);
});

test('a personal item is seen by its user alone, also not by administrators', async () => {
  const [one, other] = [await user(), await user()];
  const administrator = await host.person({ systemAdministrator: true });
  await policy(everything, [one, other]);
  const id = await add('/jump-item/remote-rdp', {
    ...{ name: 'mine', hostname: 'pc', jumpoint_id: 1, jump_group_id: one, jump_group_type: 'personal' },
  });
  expect(await obstacle(one, 'remote-rdp', id)).toBe(null);
  expect(await obstacle(other, 'remote-rdp', id)).toBe('unseen');
  expect(await obstacle(administrator.userId, 'remote-rdp', id)).toBe('unseen');
  expect(await obstacle(administrator.userId, 'shell-jump', ids.shell)).toBe(null);
});

test('a list can be searched and paged, and says the same as one item alone', async () => {
  const one = await user();
  await policy(everything, [one]);
  const { body } = await host.operator.get(`/api/users/${one}/reach?limit=1`);
  expect([body.items.length, body.next]).toEqual([1, '1']);
  const second = await host.operator.get(`/api/users/${one}/reach?limit=1&cursor=1`);
  expect([second.body.items[0].name, second.body.next]).toEqual(['web', null]);
  const searched = await host.operator.get(`/api/users/${one}/reach?search=DESK`);
  expect(searched.body.items.map(({ name }: { name: string }) => name)).toEqual(['desk']);
  const found = await host.database.system((tx) => findReach(tx, one, { type: 'shell-jump', id: ids.shell }, noon));
  // What somebody marked for themselves is theirs: the list that administrators read leaves it out.
  expect({ ...second.body.items[0], isFavourite: false }).toEqual(found);
});
