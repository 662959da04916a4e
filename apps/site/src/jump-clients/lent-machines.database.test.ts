import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@gatehouse/kernel';
import { ok, type TestClient, testClient } from '@gatehouse/server/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import type { Representative } from '../support/testing/desk.ts';
import { customerLine, openLivePage, representativeLine } from '../support/testing/live-page.ts';
import { until } from '../testing/errands.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import { headersOf } from '../testing/page-socket.ts';
import { openShellPage } from './testing/shell-page.ts';

let desk: ReportDesk;
let folder: string;
let client: JumpClientProgram & { readonly id: number };
let rex: Representative;
let eve: Representative;

const add = async (path: string, body: Json): Promise<number> => (await ok(desk.operator.post(path, body))).body.id;

beforeAll(async () => {
  // Nothing is found by looking from time to time: what ends does so because of what happened.
  desk = await openReportDesk({ jumpPace: { roundMs: 60_000, openMs: 5_000 } });
  const group = await add('/api/jump-groups', { name: 'Desks' });
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-lent-files-'));
  client = await pinned(desk, { name: 'Front desk', jump_group_id: group }, '--files-folder', folder);
  const rights = { perm_support_allowed: true, perm_accept_general_sessions: true, perm_jump_client: true };
  [rex, eve] = [await desk.representative(rights), await desk.representative(rights)];
  await add(`/api/jump-groups/${group}/users`, { user_id: rex.userId, jump_item_role_id: 2 });
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
});

const asked = (lsid: string) => `/api/support/sessions/${lsid}/machine`;
const ask = (who: Representative, lsid: string, jumpClientId = client.id) => who.post(asked(lsid), { jumpClientId });
const joinAs = (who: Representative, lsid: string) => ok(who.post(`/api/support/sessions/${lsid}/join`, {}));
const leave = (who: Representative, lsid: string) => ok(who.post(`/api/support/sessions/${lsid}/leave`, {}));

/** A customer who came with a key, and a representative who took the session. */
const begin = async (who = rex): Promise<{ carol: TestClient; lsid: string }> => {
  const { key } = await desk.key();
  const carol = testClient(desk.url);
  const begun = await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', agreed: true }));
  const { lsid } = begun.body.session;
  await joinAs(who, lsid);
  return { carol, lsid };
};
const machineOf = async (carol: TestClient) => (await ok(carol.get('/api/portal/session'))).body.session.machine;
const answer = async (carol: TestClient, agrees: boolean) =>
  carol.post('/api/portal/session/machine', { ask: (await machineOf(carol))?.ask ?? crypto.randomUUID(), agrees });
/** The machine of the customer, who agreed. */
const lend = async (who = rex) => {
  const { carol, lsid } = await begin(who);
  await ok(ask(who, lsid));
  await ok(answer(carol, true));
  return { carol, lsid };
};
const over = (carol: TestClient) => ok(carol.post('/api/portal/session/leave', {}));

test('nothing of the machine is open before the customer agrees, and both sides see what is asked', async () => {
  const { carol, lsid } = await begin();
  const [hers, his] = [
    await openLivePage(carol, customerLine),
    await openLivePage(rex, representativeLine(lsid)),
  ] as const;
  expect((await rex.get(asked(lsid))).status).toBe(404);
  await ok(ask(rex, lsid));
  const wanted = { name: 'Front desk', hostname: expect.stringMatching(/./), askedBy: 2, isLent: false };
  await hers.until((page) => page.session()?.machine?.isLent === false);
  expect(hers.session()?.machine).toMatchObject(wanted);
  for (const path of [asked(lsid), `${asked(lsid)}/files`]) expect((await rex.get(path)).status).toBe(404);
  expect(await (await openShellPage(rex, lsid)).refused).toBe(404);
  await ok(answer(carol, true));
  await his.until((page) => page.session()?.machine?.isLent === true);
  expect((await ok(rex.get(asked(lsid)))).body).toMatchObject({ name: 'Front desk', status: 'online' });
  const shell = await openShellPage(rex, lsid);
  await shell.begun();
  shell.type('echo $((6*7))-lent; exit\n');
  await shell.shows('42-lent');
  await shell.closed;
  await hers.until((page) => page.events().some(({ type }) => type === 'shell_closed'));
  const told = hers.events().map(({ type }) => type);
  expect(told).toEqual(expect.arrayContaining(['machine_asked', 'machine_lent', 'shell_opened', 'shell_closed']));
  // She is in no need of what the site knows of her machine.
  expect(told).not.toContain('system_information');
  await over(carol);
  expect(await (await openShellPage(rex, lsid)).refused).toBe(404);
});

test('who does not agree lends nothing, and may be asked again', async () => {
  const { carol, lsid } = await begin();
  await ok(ask(rex, lsid));
  await ok(answer(carol, false));
  expect([await machineOf(carol), (await rex.get(asked(lsid))).status]).toEqual([null, 404]);
  await ok(ask(rex, lsid));
  const stale = (await machineOf(carol)).ask;
  await ok(ask(rex, lsid));
  const late = await carol.post('/api/portal/session/machine', { ask: stale, agrees: true });
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('not asked any more')]);
  expect((await rex.get(asked(lsid))).status).toBe(404);
  await ok(rex.ask('DELETE', asked(lsid)));
  expect((await answer(carol, true)).status).toBe(409);
  expect((await rex.ask('DELETE', asked(lsid))).status).toBe(409);
  await over(carol);
});

test('what is open ends in the moment in which the customer, or a representative, disconnects the machine', async () => {
  const { carol, lsid } = await lend();
  await joinAs(eve, await invited(lsid));
  const shells = [await openShellPage(rex, lsid), await openShellPage(eve, lsid)];
  for (const shell of shells) await shell.begun();
  await writeFile(join(folder, 'large.bin'), Buffer.alloc(64 * 1024 * 1024));
  const large = `${desk.url}${asked(lsid)}/files/content?${new URLSearchParams({ path: join(folder, 'large.bin') })}`;
  const fetched = await fetch(large, { headers: headersOf(rex) });
  const reader = fetched.body?.getReader();
  await reader?.read();
  await ok(carol.ask('DELETE', '/api/portal/session/machine'));
  for (const shell of shells) {
    await shell.closed;
    expect(shell.reason()).toBe('The machine is not connected to this session any more.');
  }
  const rest = (async () => {
    while (!(await reader?.read())?.done);
  })();
  await expect(rest).rejects.toThrow();
  expect((await rex.get(`${asked(lsid)}/files`)).status).toBe(404);
  await ok(ask(rex, lsid));
  await ok(answer(carol, true));
  const again = await openShellPage(rex, lsid);
  await again.begun();
  await ok(eve.ask('DELETE', asked(lsid)));
  await again.closed;
  expect((await ok(rex.get(`/api/support/sessions/${lsid}`))).body).toMatchObject({ state: 'active', machine: null });
  await over(carol);
});

const invited = async (lsid: string): Promise<string> => {
  await ok(rex.post(`/api/support/sessions/${lsid}/invite`, { userId: eve.userId }));
  return lsid;
};

test('a shell ends with the part of its representative and with the session', async () => {
  const { carol, lsid } = await lend();
  await joinAs(eve, await invited(lsid));
  const [his, hers] = [await openShellPage(rex, lsid), await openShellPage(eve, lsid)] as const;
  await Promise.all([his.begun(), hers.begun()]);
  await leave(eve, lsid);
  await hers.closed;
  expect(hers.reason()).toBe('You are not in this session any more.');
  await over(carol);
  await his.closed;
  expect(his.reason()).toBe('You are not in this session any more.');
  expect((await ok(rex.get(`${asked(lsid)}/shells`))).body.items).toHaveLength(2);
});

test('only who reaches the Jump Client asks for it, in a session of theirs, as its policies let them', async () => {
  const { carol, lsid } = await begin();
  expect((await ask(eve, lsid)).status).toBe(404);
  await joinAs(eve, await invited(lsid));
  expect((await ask(eve, lsid)).status).toBe(404);
  const policy = await add('/api/jump-policies', { display_name: 'One', simultaneous_jumps: 'disallow' });
  const change = (body: Json) => ok(desk.operator.ask('PATCH', `/api/jump-clients/${client.id}`, { body }));
  await change({ jump_policy_id: policy });
  const alone = (await ok(rex.post(`/api/console/jump-clients/${client.id}/sessions`, {}))).body.lsid;
  expect((await ask(rex, lsid)).body.detail).toContain('one at a time');
  expect((await ask(rex, alone)).status).toBe(409);
  await leave(rex, alone);
  await ok(ask(rex, lsid));
  await ok(ask(rex, lsid));
  await ok(answer(carol, true));
  expect((await ask(rex, lsid)).body.detail).toContain('Disconnect it first');
  expect((await rex.post(`/api/console/jump-clients/${client.id}/sessions`, {})).body.detail).toContain(
    'one at a time',
  );
  await over(carol);
  await ok(rex.post(`/api/console/jump-clients/${client.id}/sessions`, {})).then(({ body }) => leave(rex, body.lsid));
  await change({ jump_policy_id: null });
});

test('the customer of another session answers nothing, and nobody answers for one that is over', async () => {
  const { carol, lsid } = await begin();
  const other = await begin();
  await ok(ask(rex, lsid));
  const body = { ask: (await machineOf(carol)).ask, agrees: true };
  expect((await other.carol.post('/api/portal/session/machine', body)).status).toBe(409);
  expect((await testClient(desk.url).post('/api/portal/session/machine', body)).status).toBe(404);
  await over(carol);
  expect((await carol.post('/api/portal/session/machine', body)).status).toBe(409);
  await over(other.carol);
});

test('the report says who asked, who agreed, what the machine is and how it ended', async () => {
  const { carol, lsid } = await lend();
  const shell = await openShellPage(rex, lsid);
  await shell.begun();
  await ok(rex.ask('DELETE', asked(lsid)));
  await shell.closed;
  await until(async () => (await ok(rex.get(`${asked(lsid)}/shells`))).body.items.length === 1);
  await over(carol);
  const { content } = await desk.report('SupportSession', { lsid });
  // biome-ignore lint/suspicious/noExplicitAny: what a report holds.
  const events: any[] = content.session[0].session_details.event;
  const of = (type: string) => events.find((event) => event['@event_type'] === type);
  expect(of('Jump Client Requested')).toMatchObject({ performed_by: { '#text': expect.any(String) } });
  expect(of('Jump Client Connected').performed_by['#text']).toBe('Carol');
  expect(of('Jump Client Connected').data.value).toContainEqual(
    expect.objectContaining({ '@name': 'name', '@value': 'Front desk' }),
  );
  expect(of('System Information Retrieved').system_information.category[0]['@name']).toBe('Jump Client');
  expect(of('Jump Client Disconnected')).toBeDefined();
  expect(of('Command Shell Started')).toBeDefined();
  expect(content.session[0].command_shell_recordings.command_shell_recording).toHaveLength(1);
});
