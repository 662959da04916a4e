import { newId } from '@gatehouse/kernel';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { endOverdue } from '../support/index.ts';
import { type Desk, openDesk, type Representative } from '../support/testing/desk.ts';
import { customerLine, openLivePage } from '../support/testing/live-page.ts';
import { until } from '../testing/errands.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import { openShellPage } from './testing/shell-page.ts';

/** What a minute of a session policy lasts here. */
const minuteMs = 200;

let desk: Desk;
let group: number;
let client: JumpClientProgram & { readonly id: number };
let rex: Representative;

const add = async (path: string, body: object): Promise<number> =>
  (await ok(desk.operator.post(path, JSON.parse(JSON.stringify(body))))).body.id;
const usualRules = {
  ...{ reasonRequired: false, idleMinutes: null, limitMinutes: null, upload: true, download: true, fileMegabytes: 1 },
  ...{ clipboard: true, recordInput: false },
};
const rules = (change: object) =>
  ok(desk.operator.ask('PUT', '/api/session-policies/1/rules', { body: { ...usualRules, ...change } }));
const helper = async (more: object = {}): Promise<Representative> => {
  const rights = { perm_support_allowed: true, perm_accept_general_sessions: true, perm_jump_client: true };
  const user = await desk.representative({ ...rights, ...more });
  await add(`/api/jump-groups/${group}/users`, { user_id: user.userId, jump_item_role_id: 2 });
  return user;
};

beforeAll(async () => {
  desk = await openDesk({ jumpPace: { roundMs: 100, openMs: 5_000, minuteMs } });
  group = await add('/api/jump-groups', { name: 'Desks' });
  client = await pinned(desk, { name: 'Front desk', jump_group_id: group });
  rex = await helper();
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
});
afterEach(() => rules({}));

const start = async (who: TestClient = rex): Promise<string> =>
  (await ok(who.post(`/api/console/jump-clients/${client.id}/sessions`, {}))).body.lsid;
const leave = (lsid: string, who: TestClient = rex) => ok(who.post(`/api/support/sessions/${lsid}/leave`, {}));
const sessionOf = async (lsid: string) => (await ok(rex.get(`/api/support/sessions/${lsid}`))).body;
const machineAt = (lsid: string) => `/api/support/sessions/${lsid}/machine`;
const eventsOf = async (lsid: string, type: string) =>
  (await sessionOf(lsid)).events.filter((event: { type: string }) => event.type === type);
/** A customer in a session that Rex took. */
const begin = async () => {
  const { key } = await desk.key();
  const carol = testClient(desk.url);
  const { lsid } = (await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', agreed: true }))).body.session;
  await ok(rex.post(`/api/support/sessions/${lsid}/join`, {}));
  return { carol, lsid };
};
const ask = (lsid: string) => ok(rex.post(machineAt(lsid), { jumpClientId: client.id }));
const agree = async (carol: TestClient) => {
  const { machine } = (await ok(carol.get('/api/portal/session'))).body.session;
  await ok(carol.post('/api/portal/session/machine', { ask: machine.ask, agrees: true }));
};

test('a session with a Jump Client ends when its time is over, with what is open in it, and says why', async () => {
  await rules({ limitMinutes: 15 });
  const lsid = await start();
  // What is changed later is for those that begin later.
  await rules({ limitMinutes: null });
  const page = await openShellPage(rex, lsid);
  await page.begun();
  const { limitAt } = (await ok(rex.get(machineAt(lsid)))).body;
  const endless = await start();
  expect((await ok(rex.get(machineAt(endless)))).body.limitAt).toBeNull();
  await page.closed;
  expect(page.reason()).toBe('You are not in this session any more.');
  const over = await sessionOf(lsid);
  expect(over).toMatchObject({ state: 'ended', endReason: 'time_limit' });
  expect(Date.parse(limitAt) - Date.parse(over.beganAt)).toBe(15 * minuteMs);
  expect(Date.parse(over.endedAt)).toBeGreaterThanOrEqual(Date.parse(limitAt));
  expect(await eventsOf(lsid, 'ended')).toMatchObject([
    { performedBy: null, body: { reason: 'time_limit', by: 'Gatehouse Site' } },
  ]);
  expect((await sessionOf(endless)).state).toBe('active');
  await leave(endless);
});

test('a lent machine is given back when its time is over, counted from when it was lent, and the session goes on', async () => {
  await rules({ limitMinutes: 10 });
  const { carol, lsid } = await begin();
  const hers = await openLivePage(carol, customerLine);
  await ask(lsid);
  const askedAt = Date.now();
  // As long as nobody agreed no time passes for it.
  await until(() => Date.now() - askedAt > 15 * minuteMs);
  expect((await sessionOf(lsid)).machine).toMatchObject({ isLent: false });
  await agree(carol);
  const { limitAt } = (await ok(rex.get(machineAt(lsid)))).body;
  const page = await openShellPage(rex, lsid);
  await page.begun();
  await page.closed;
  expect(page.reason()).toBe('The machine is not connected to this session any more.');
  const [lent] = await eventsOf(lsid, 'machine_lent');
  const returned = await eventsOf(lsid, 'machine_returned');
  expect(returned).toMatchObject([
    { performedBy: null, body: { machine: 'Front desk', wasLent: true, reason: 'time_limit' } },
  ]);
  expect(Date.parse(limitAt) - Date.parse(lent.at)).toBe(10 * minuteMs);
  expect(Date.parse(returned[0].at)).toBeGreaterThanOrEqual(Date.parse(limitAt));
  expect(await sessionOf(lsid)).toMatchObject({ state: 'active', machine: null });
  await hers.until((one) => one.events().some(({ type }) => type === 'machine_returned'));
  // It can be asked for anew, and then for as long again.
  await ask(lsid);
  await agree(carol);
  expect(Date.parse((await ok(rex.get(machineAt(lsid)))).body.limitAt)).toBeGreaterThan(Date.now());
  await ok(carol.post('/api/portal/session/leave', {}));
});

test('of copies of the site that end it at once one does', async () => {
  await rules({ limitMinutes: 1 });
  const { carol, lsid: lent } = await begin();
  await ask(lent);
  await agree(carol);
  const own = await start();
  const by = { principal: { kind: 'program', id: '1', name: 'A copy' }, correlationId: newId<string>() } as const;
  await until(async () => {
    await Promise.all(Array.from({ length: 8 }, () => endOverdue(desk.site.support, by)));
    return (await sessionOf(own)).state === 'ended' && (await sessionOf(lent)).machine === null;
  });
  expect(await eventsOf(own, 'ended')).toHaveLength(1);
  expect(await eventsOf(lent, 'machine_returned')).toHaveLength(1);
  await ok(carol.post('/api/portal/session/leave', {}));
});

test('a shell ends after the idle limit of its user where that is stricter than the session policy', async () => {
  await rules({ idleMinutes: 10_080 });
  const ida = await helper({ perm_session_idle_timeout: 300 });
  const at = `/api/console/jump-clients/${client.id}`;
  expect((await ok(ida.get(at))).body.conditions.idleMinutes).toBe(5);
  expect((await ok(rex.get(at))).body.conditions.idleMinutes).toBe(10_080);
  const [hers, his] = [await start(ida), await start()];
  const [page, other] = [await openShellPage(ida, hers), await openShellPage(rex, his)];
  await Promise.all([page.begun(), other.begun()]);
  await page.closed;
  expect(page.reason()).toBe('Nothing was done in it for too long.');
  expect(other.reason()).toBeUndefined();
  await leave(hers, ida);
  await leave(his);
});
