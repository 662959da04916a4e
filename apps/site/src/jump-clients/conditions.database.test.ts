import type { Json } from '@gatehouse/kernel';
import { ok, type TestClient, testClient, testPassword, totpCode } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import type { Representative } from '../support/testing/desk.ts';
import { until } from '../testing/errands.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import type { SiteUser } from '../testing/test-site.ts';
import { openShellPage } from './testing/shell-page.ts';

let desk: ReportDesk;
let client: JumpClientProgram & { readonly id: number };
let group: number;
let policyId: number;
let rex: Representative;
let bea: Representative;
/** Reaches nothing. */
let eve: Representative;
let admin: SiteUser;
let program: Awaited<ReturnType<ReportDesk['program']>>;

const add = async (path: string, body: Json): Promise<number> => (await ok(desk.operator.post(path, body))).body.id;
const patch = (path: string, body: Json) => ok(desk.operator.ask('PATCH', path, { body }));
const usualPolicy = {
  ...{ ticket_id_required: false, two_factor_challenge_required: false, approval_required: false },
  ...{ simultaneous_jumps: 'global', recordings_disabled: false, approval_scope: 'requestor' },
};
/** Changes the Jump policy of the machine; what is not named asks for nothing. */
const policy = (change: object) =>
  patch(`/api/jump-policies/${policyId}`, {
    ...{
      approval_user_ids: [String(admin.userId)],
      approval_display_name: 'The night shift',
      ...usualPolicy,
      ...change,
    },
  });
const rulesAt = '/api/session-policies/1/rules';
const usualRules = {
  ...{ reasonRequired: false, idleMinutes: 30, limitMinutes: 720, upload: true, download: true, fileMegabytes: 1 },
  ...{ clipboard: true, recordInput: false },
};
const rules = (change: object) => ok(desk.operator.ask('PUT', rulesAt, { body: { ...usualRules, ...change } }));
const rights = { perm_support_allowed: true, perm_accept_general_sessions: true, perm_jump_client: true };
/** Somebody who helps, and reaches the machine. */
const helper = async (more: object = {}, member: object = {}): Promise<Representative> => {
  const user = await desk.representative({ ...rights, ...more });
  await add(`/api/jump-groups/${group}/users`, { user_id: user.userId, jump_item_role_id: 2, ...member });
  return user;
};

beforeAll(async () => {
  desk = await openReportDesk({ jumpPace: { roundMs: 200, openMs: 5_000 } });
  group = await add('/api/jump-groups', { name: 'Desks' });
  policyId = await add('/api/jump-policies', { display_name: 'Strict', schedule_enabled: false });
  client = await pinned(desk, { name: 'Front desk', jump_group_id: group, jump_policy_id: policyId });
  [rex, bea, eve] = [await helper(), await helper(), await desk.representative(rights)];
  admin = await desk.person({ systemAdministrator: true });
  program = await desk.program({ perm_command: 'full_access' });
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
});
afterEach(async () => {
  await policy({});
  await rules({});
});

const at = () => `/api/console/jump-clients/${client.id}`;
type Said = Readonly<Record<string, string>>;
const start = (said: Said = {}, who: TestClient = rex) => who.post(`${at()}/sessions`, said);
const end = (lsid: string, who: TestClient = rex) => ok(who.post(`/api/support/sessions/${lsid}/leave`, {}));
const startAndEnd = async (said: Said = {}, who: TestClient = rex) => end((await ok(start(said, who))).body.lsid, who);
const fieldsOf = ({ body }: { readonly body: { readonly errors?: readonly { field: string }[] } }) =>
  body.errors?.map(({ field }) => field);
const conditions = async (who: TestClient = rex) => (await ok(who.get(at()))).body.conditions;
const sessions = async (): Promise<number> => {
  const { rows } = await desk.database.system((tx) =>
    sql<{ n: number }>`select count(*)::int as n from support_sessions`.execute(tx),
  );
  return rows[0]?.n ?? 0;
};
/** A customer who came with a key, in a session that somebody took. */
const begin = async (
  { description = '', externalKey = '' }: { readonly description?: string; readonly externalKey?: string } = {},
  who: TestClient = rex,
) => {
  const { key } = await desk.key({ externalKey });
  const carol = testClient(desk.url);
  const begun = await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', description, agreed: true }));
  const { lsid } = begun.body.session;
  await ok(who.post(`/api/support/sessions/${lsid}/join`, {}));
  const machine = `/api/support/sessions/${lsid}/machine`;
  return {
    ...{ lsid, carol, machine },
    ask: (said: Said = {}, by: TestClient = who) => by.post(machine, { jumpClientId: client.id, ...said }),
    over: () => ok(carol.post('/api/portal/session/leave', {})),
  };
};
/** What a link of a program begins; the same link as long as nothing began. */
const linked = async (parameters: Said = {}, who: Representative = rex) => {
  const asked = new URLSearchParams({
    ...{ type: 'web_console', operation: 'generate', action: 'start_jump_item_session', search_string: 'front' },
    ...{ username: who.username, ...parameters },
  });
  const { url } = (await ok(program.ask('POST', `/api/client_script?${asked}`))).body;
  const token = new URL(url).hash.slice(1);
  return (said: Said = {}) => who.post('/api/console/launches', { token, kind: 'jump-client', id: client.id, ...said });
};
const lsidOf = (path: string) => path.split('/').at(-1) ?? '';
/** What the audit holds of the session that began with the machine. */
const audited = async (lsid: string): Promise<object> => {
  const { body } = await ok(desk.operator.get('/api/audit?search=jump-client.session&limit=100'));
  return body.items.find(({ change }: { change: { lsid: string } }) => change.lsid === lsid).change;
};
/** An authenticator app; a code of it that nobody used. */
const app = async (who: TestClient): Promise<string> => {
  const { body } = await ok(who.post('/api/auth/two-factor/enable', { password: testPassword }));
  await ok(who.post('/api/auth/two-factor/verify-totp', { code: totpCode(body.totpURI) }));
  return totpCode(body.totpURI, Date.now() + 30_000);
};

test('reason, ticket and code are asked for by policy, each named, however it begins, and nothing begins without', async () => {
  const room = await begin();
  const before = await sessions();
  const launch = await linked();
  await rules({ reasonRequired: true });
  await policy({ ticket_id_required: true, two_factor_challenge_required: true });
  expect(await conditions()).toMatchObject({
    ...{ reasonRequired: true, ticketRequired: true, secondFactorRequired: true, approval: { state: 'not-needed' } },
  });
  for (const ask of [start, room.ask, launch]) {
    expect(fieldsOf(await ask())).toEqual(['reason', 'ticket', 'code']);
    expect(fieldsOf(await ask({ reason: ' ', ticket: 'INC-1', code: ' ' }))).toEqual(['reason', 'code']);
    // Whoever has no app can prove nothing, whatever they type.
    expect((await ask({ reason: 'a', ticket: 'b', code: '123456' })).status).toBe(403);
  }
  expect(await sessions()).toBe(before);
  expect((await ok(room.carol.get('/api/portal/session'))).body.session.machine).toBeNull();
  await rules({});
  await policy({});
  // What was refused used the link up no more than it began something.
  await end(lsidOf((await ok(launch())).body.path));
  await room.over();
});

test('a code begins one session, and a wrong one none', async () => {
  const [ada, bob] = [await helper(), await helper()];
  const [hers, his] = [await app(ada), await app(bob)];
  const room = await begin({}, bob);
  await policy({ two_factor_challenge_required: true });
  const wrong = await start({ code: '000000' }, ada);
  expect([wrong.status, fieldsOf(wrong)]).toEqual([422, ['code']]);
  await startAndEnd({ code: hers }, ada);
  expect((await start({ code: hers }, ada)).status).toBe(422);
  expect((await start({ code: hers }, bob)).status).toBe(422);
  await ok(room.ask({ code: his }));
  expect((await room.ask({ code: his })).status).toBe(422);
  await room.over();
});

test('a reason is what the session is for, a ticket is its key, and both are in the audit and the report', async () => {
  const { lsid } = (await ok(start({ reason: 'The disk is full', ticket: 'INC-7' }))).body;
  const { body } = await ok(rex.get(`/api/support/sessions/${lsid}`));
  expect(body).toMatchObject({
    externalKey: 'INC-7',
    participants: [{ name: 'Front desk', issue: 'The disk is full' }, {}],
  });
  expect(await audited(lsid)).toMatchObject({ id: client.id, reason: 'The disk is full', ticket: 'INC-7' });
  await end(lsid);
  const { text } = await desk.report('SupportSession', { lsid });
  expect([text.includes('The disk is full'), text.includes('INC-7')]).toEqual([true, true]);
});

test('in a session with a person a reason and a ticket fill what is empty, and take no place of what was said', async () => {
  const empty = await begin();
  await ok(empty.ask({ reason: 'Look at the logs', ticket: 'INC-8' }));
  expect((await ok(rex.get(`/api/support/sessions/${empty.lsid}`))).body).toMatchObject({
    ...{ externalKey: 'INC-8', participants: [{ name: 'Carol', issue: 'Look at the logs' }, {}] },
  });
  await empty.over();
  const full = await begin({ description: 'It beeps', externalKey: 'INC-1' });
  await ok(full.ask({ reason: 'Look at the logs', ticket: 'INC-8' }));
  const { body } = await ok(rex.get(`/api/support/sessions/${full.lsid}`));
  expect(body).toMatchObject({ externalKey: 'INC-1', participants: [{ name: 'Carol', issue: 'It beeps' }, {}] });
  const notes = body.events.filter(({ type }: { type: string }) => type === 'note_added');
  expect(notes).toMatchObject([{ body: { text: 'Look at the logs' } }]);
  expect(await audited(full.lsid)).toMatchObject({ reason: 'Look at the logs', ticket: 'INC-8' });
  await full.over();
});

test('a link that has the key of a ticket has named it', async () => {
  await policy({ ticket_id_required: true });
  const bare = await linked();
  expect(fieldsOf(await bare())).toEqual(['ticket']);
  const own = lsidOf((await ok(bare({ ticket: 'INC-3' }))).body.path);
  expect((await ok(rex.get(`/api/support/sessions/${own}`))).body.externalKey).toBe('INC-3');
  await end(own);
  const named = await linked({ 'session.custom.external_key': 'INC-9' });
  const lsid = lsidOf((await ok(named({ ticket: 'INC-4' }))).body.path);
  expect((await ok(rex.get(`/api/support/sessions/${lsid}`))).body.externalKey).toBe('INC-9');
  expect(await audited(lsid)).toMatchObject({ ticket: 'INC-9' });
  await end(lsid);
});

describe('an approval', () => {
  const approvals = () => `${at()}/approvals`;
  const listed = async (who: TestClient) =>
    (await ok(who.get('/api/console/approvals'))).body.items.filter(
      ({ state }: { state: string }) => state === 'waiting',
    );

  test('is decided by a member of a team that the policy names, and not for themselves', async () => {
    const lead = await helper();
    const team = desk.teams.network;
    await ok(desk.operator.post(`/api/teams/${team}/users`, { user_id: lead.userId, role: 'member' }));
    const others = { approval_user_ids: [], approval_required: true, approval_approver_scope: 'not_requestor' };
    await policy({ ...others, approval_team_ids: [String(team)] });
    await ok(rex.post(approvals(), { reason: 'the disk' }));
    await ok(lead.post(approvals(), { reason: 'the disk, too' }));
    const mine = (who: TestClient) =>
      listed(who).then((all) => all.map((one: { person: string; mayDecide: boolean }) => one.mayDecide));
    expect([await mine(bea), await mine(rex), await mine(lead)]).toEqual([[], [false], [false, true]]);
    const [other] = (await listed(lead)).filter(({ mayDecide }: { mayDecide: boolean }) => mayDecide);
    await ok(lead.post(`/api/console/approvals/${other.id}`, { approve: true, comment: '' }));
    expect((await conditions()).approval.state).toBe('approved');
    await desk.database.system((tx) => sql`delete from approvals`.execute(tx));
    await policy({ approval_team_ids: [], approval_approver_scope: 'anyone' });
  });

  test('is asked for and decided as with other endpoints, and lets whoever asked begin while it lasts', async () => {
    const room = await begin();
    const launch = await linked();
    await policy({ approval_required: true });
    for (const ask of [start, room.ask, launch])
      expect((await ask()).body).toMatchObject({ status: 403, type: 'urn:gatehouse:problem:approval-needed' });
    expect((await conditions()).approval).toEqual({ state: 'needed', approvers: 'The night shift', until: null });
    expect(fieldsOf(await rex.post(approvals(), { reason: '' }))).toEqual(['reason']);
    await ok(rex.post(approvals(), { reason: 'the disk', ticket: 'INC-7' }));
    expect((await rex.post(approvals(), { reason: 'again' })).status).toBe(409);
    expect((await start()).body.detail).toContain('not decided yet');
    const [own] = await listed(rex);
    expect(own).toMatchObject({ mayDecide: false, reason: 'the disk', ticket: 'INC-7' });
    const [theirs] = await listed(admin);
    expect(theirs).toMatchObject({
      ...{ id: own.id, mayDecide: true, item: { type: 'jump-client', id: client.id, name: 'Front desk' } },
    });
    await ok(admin.post(`/api/console/approvals/${own.id}`, { approve: false, comment: 'why?' }));
    expect((await conditions()).approval.state).toBe('denied');
    expect((await start()).body.detail).toContain('denied');
    await ok(rex.post(approvals(), { reason: 'the disk is full' }));
    await ok(admin.post(`/api/console/approvals/${(await listed(admin))[0].id}`, { approve: true, comment: '' }));
    expect((await conditions()).approval).toMatchObject({ state: 'approved', until: expect.any(String) });
    await startAndEnd();
    await ok(room.ask());
    await room.over();
    await end(lsidOf((await ok(launch())).body.path));
    // It is for the one who asked.
    expect((await start({}, bea)).status).toBe(403);
    expect((await rex.post(approvals(), { reason: 'once more' })).status).toBe(409);
    // And for its time; nothing is left of it then.
    desk.clock.move(481 * 60_000);
    expect((await start()).body).toMatchObject({ type: 'urn:gatehouse:problem:approval-needed' });
    desk.clock.move(-481 * 60_000);
    await desk.database.system((tx) => sql`delete from approvals`.execute(tx));
  });

  test('is for everybody who may where the policy says so, and for no other Jump Client', async () => {
    await policy({ approval_required: true, approval_scope: 'anyone' });
    await ok(rex.post(approvals(), { reason: 'the disk' }));
    await ok(admin.post(`/api/console/approvals/${(await listed(admin))[0].id}`, { approve: true, comment: '' }));
    await startAndEnd({}, rex);
    await startAndEnd({}, bea);
    await desk.database.system((tx) => sql`update approvals set item_id = item_id + 1`.execute(tx));
    expect((await start({}, bea)).status).toBe(403);
    await desk.database.system((tx) =>
      sql`update approvals set item_id = item_id - 1, item_type = 'shell-jump'`.execute(tx),
    );
    expect((await start({}, bea)).status).toBe(403);
    await desk.database.system((tx) => sql`delete from approvals`.execute(tx));
  });

  test('is asked of nobody where none is needed', async () => {
    expect((await rex.post(approvals(), { reason: 'the disk' })).status).toBe(422);
  });
});

test('to whom no Jump Group leads there it is not there, whatever they say', async () => {
  await policy({ approval_required: true, ticket_id_required: true });
  const room = await begin({}, eve);
  const said = { reason: 'a', ticket: 'b', code: '123456' };
  for (const answer of [
    ...[await eve.get(at()), await start({}, eve), await start(said, eve), await room.ask(), await room.ask(said)],
    ...[await eve.post(`${at()}/approvals`, { reason: 'a' }), await (await linked({}, eve))(said)],
  ])
    expect(answer.status).toBe(404);
  await room.over();
});

test('what is asked for in the moment in which it begins counts, not what was asked a moment before', async () => {
  await policy({ simultaneous_jumps: 'disallow' });
  const before = await sessions();
  // Who begins is held up between the two looks at the conditions.
  const [isHeld, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = desk.database.system(async (tx) => {
    await sql`select from jump_clients where id = ${client.id} for update`.execute(tx);
    isHeld.resolve();
    await goOn.promise;
  });
  await isHeld.promise;
  const beginning = start();
  await until(async () => {
    const { rows } = await desk.database.system((tx) =>
      sql`select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like '%jump_clients%for update%'`.execute(
        tx,
      ),
    );
    return rows.length > 0;
  });
  await policy({ simultaneous_jumps: 'disallow', ticket_id_required: true });
  goOn.resolve();
  await holding;
  expect(fieldsOf(await beginning)).toEqual(['ticket']);
  expect(await sessions()).toBe(before);
});

test('what is seen is recorded as the Jump policy says that leads its representative there', async () => {
  const unseen = await add('/api/jump-policies', {
    ...{ display_name: 'Unseen', schedule_enabled: false, recordings_disabled: true },
  });
  const una = await helper({}, { jump_policy_id: unseen });
  const shellOf = async (who: Representative, lsid: string) => {
    const page = await openShellPage(who, lsid);
    await page.begun();
    page.type('exit\n');
    await page.closed;
    return page.heard.flatMap((one) => (one.type === 'open' ? [one.isRecorded] : []))[0];
  };
  for (const [who, isRecorded] of [
    [rex, true],
    [una, false],
  ] as const) {
    expect((await conditions(who)).isRecorded).toBe(isRecorded);
    const { lsid } = (await ok(start({}, who))).body;
    const at = `/api/support/sessions/${lsid}/machine`;
    expect((await ok(who.get(at))).body.isRecorded).toBe(isRecorded);
    expect(await shellOf(who, lsid)).toBe(isRecorded);
    expect((await ok(who.get(`${at}/shells`))).body.items).toHaveLength(isRecorded ? 1 : 0);
    await end(lsid, who);
    const room = await begin({}, who);
    await ok(room.ask());
    const { ask } = (await ok(room.carol.get('/api/portal/session'))).body.session.machine;
    await ok(room.carol.post('/api/portal/session/machine', { ask, agrees: true }));
    expect(await shellOf(who, room.lsid)).toBe(isRecorded);
    await room.over();
  }
});

test('where the Jump policy has others join, a second one comes into the session of the first, also of two at once', async () => {
  await policy({ simultaneous_jumps: 'join', ticket_id_required: true });
  const joins = async (who: TestClient) => (await ok(who.get(at()))).body.joins;
  expect(await joins(bea)).toEqual([]);
  const before = await sessions();
  const both = await Promise.all([start({ ticket: 'INC-1' }), start({ ticket: 'INC-2' }, bea)]);
  const [lsid, other] = both.map(({ body }) => body.lsid);
  expect(other).toBe(lsid);
  expect(await sessions()).toBe(before + 1);
  expect(await joins(bea)).toHaveLength(2);
  const { body } = await ok(bea.get(`/api/support/sessions/${lsid}`));
  expect(body.participants.filter(({ kind }: { kind: string }) => kind === 'representative')).toHaveLength(2);
  // Whoever is in it comes back to it, and nothing begins without what is asked for.
  expect((await ok(start({ ticket: 'INC-3' }))).body.lsid).toBe(lsid);
  expect(fieldsOf(await start({}, bea))).toEqual(['ticket']);
  await end(lsid);
  expect(await joins(rex)).toHaveLength(1);
  await end(lsid, bea);
  expect(await joins(rex)).toEqual([]);
  const { lsid: next } = (await ok(start({ ticket: 'INC-4' }))).body;
  expect(next).not.toBe(lsid);
  await end(next);
});
