import { startMailServer, type TestMailServer } from '@gatehouse/host/testing';
import type { Json } from '@gatehouse/kernel';
import { ok, testClient } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import type { Representative } from '../support/testing/desk.ts';
import { until } from '../testing/errands.ts';
import { type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';

/** Of everybody whom tests make. */
const name = 'Ada Keller';
let desk: ReportDesk;
let server: TestMailServer;
let client: JumpClientProgram & { readonly id: number };
let policyId: number;
let rex: Representative;
let bea: Representative;
let kim: Representative;
let team: number;

const add = async (path: string, body: Json): Promise<number> => (await ok(desk.operator.post(path, body))).body.id;
const policy = (change: object) =>
  ok(
    desk.operator.ask('PATCH', `/api/jump-policies/${policyId}`, {
      body: {
        ...{ session_start_notification: false, session_end_notification: false, approval_required: false },
        ...{ approval_email_addresses: ['Night@acme.example'], approval_user_ids: [], approval_team_ids: [] },
        ...change,
      },
    }),
  );
interface Mail {
  readonly kind: string;
  readonly about: string;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly text: string;
}
const mails = async (): Promise<readonly Mail[]> => {
  const { rows } = await sql<Mail>`select kind, about, recipients, subject, coalesce(body ->> 'text', '') as text
    from mails order by place`.execute(desk.database.owner);
  return rows;
};
const rights = { perm_support_allowed: true, perm_accept_general_sessions: true, perm_jump_client: true };

beforeAll(async () => {
  desk = await openReportDesk({ jumpPace: { roundMs: 200, openMs: 5_000 }, mailPace: { everyMs: 3_600_000 } });
  server = await startMailServer({ account: { name: 'site', password: 'hunter2-of-the-site' } });
  const group = await add('/api/jump-groups', { name: 'Desks' });
  policyId = await add('/api/jump-policies', {
    ...{ display_name: 'Strict', schedule_enabled: false, approval_display_name: 'The night shift' },
    ...{ notification_email_addresses: ['soc@acme.example', 'no address'], notification_display_name: 'The SOC' },
  });
  client = await pinned(desk, { name: 'Front desk', jump_group_id: group, jump_policy_id: policyId });
  [rex, bea, kim] = [
    await desk.representative(rights),
    await desk.representative(rights),
    await desk.representative(rights),
  ];
  for (const { userId } of [rex, bea, kim])
    await add(`/api/jump-groups/${group}/users`, { user_id: userId, jump_item_role_id: 2 });
  team = await add('/api/teams', { name: 'Night shift' });
  await ok(desk.operator.post(`/api/teams/${team}/users`, { user_id: kim.userId }));
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
  await server?.close();
});
afterEach(async () => {
  await policy({});
  await sql`delete from mails`.execute(desk.database.owner);
  await sql`delete from mail_server`.execute(desk.database.owner);
});

const machine = () => `/api/console/jump-clients/${client.id}`;
const start = async (said: object = {}): Promise<string> =>
  (await ok(rex.post(`${machine()}/sessions`, { ...said }))).body.lsid;
const leave = (lsid: string) => ok(rex.post(`/api/support/sessions/${lsid}/leave`, {}));

test('whom a Jump policy names is told that a session began, and that it ended, and nobody else of nothing else', async () => {
  await leave(await start());
  expect(await mails()).toEqual([]);
  await policy({ session_start_notification: true, session_end_notification: true });
  const lsid = await start({ reason: 'It beeps', ticket: 'INC-7' });
  const [began, ...others] = await mails();
  expect(others).toEqual([]);
  expect(began).toMatchObject({ kind: 'session-notice', about: 'Front desk', recipients: ['soc@acme.example'] });
  expect(began?.subject).toBe(`${name} began a session with Front desk`);
  for (const said of ['Reason: It beeps', 'Ticket: INC-7', '“Strict”']) expect(began?.text).toContain(said);
  desk.clock.move(12 * 60_000);
  await leave(lsid);
  const [, ended, ...more] = await mails();
  expect(more).toEqual([]);
  expect(ended?.subject).toBe(`The session of ${name} with Front desk has ended`);
  expect(ended?.text).toContain('after 12 minutes');
  // What is switched off while one goes on is told no more.
  const next = await start();
  await policy({});
  await leave(next);
  expect((await mails()).map(({ subject }) => subject)).toHaveLength(3);
});

test('a machine that a customer lends is told of when they lend it, and when it is theirs again', async () => {
  await policy({ session_start_notification: true, session_end_notification: true });
  for (const end of ['returned', 'over'] as const) {
    await sql`delete from mails`.execute(desk.database.owner);
    const { key } = await desk.key();
    const carol = testClient(desk.url);
    const { lsid } = (await ok(carol.post('/api/portal/sessions', { key, name: 'Carol', agreed: true }))).body.session;
    await ok(rex.post(`/api/support/sessions/${lsid}/join`, {}));
    await ok(rex.post(`/api/support/sessions/${lsid}/machine`, { jumpClientId: client.id }));
    expect(await mails()).toEqual([]);
    const { ask } = (await ok(carol.get('/api/portal/session'))).body.session.machine;
    await ok(carol.post('/api/portal/session/machine', { ask, agrees: true }));
    expect((await mails()).map(({ subject }) => subject)).toEqual([`${name} began a session with Front desk`]);
    if (end === 'returned') await ok(rex.ask('DELETE', `/api/support/sessions/${lsid}/machine`));
    await ok(carol.post('/api/portal/session/leave', {}));
    await until(async () => (await mails()).length === 2, mails);
    expect((await mails())[1]?.subject).toBe(`The session of ${name} with Front desk has ended`);
  }
});

const asking = (who: Representative) => ok(who.post(`${machine()}/approvals`, { reason: 'The disk\r\n\r\nagain' }));
const waiting = async (who: Representative) =>
  (await ok(who.get('/api/console/approvals'))).body.items.filter(
    ({ state }: { state: string }) => state === 'waiting',
  );
const enterServer = () =>
  ok(
    desk.operator.ask('PUT', '/api/mail', {
      body: {
        ...{ server: 'localhost', port: server.port, userName: 'site', password: 'hunter2-of-the-site' },
        ...{ senderAddress: 'it@acme.example', certificateAuthorities: server.certificate },
      },
    }),
  );

test('those who decide are told who asks for what, and whoever asked what came of it; one that is named by an address decides too', async () => {
  await enterServer();
  await policy({
    ...{ approval_required: true, approval_user_ids: [String(rex.userId)], approval_team_ids: [String(team)] },
    approval_email_addresses: ['Night@acme.example', bea.email.toUpperCase()],
  });
  await asking(rex);
  desk.site.mail.wake();
  const taken = (to: string) => server.taken.filter((one) => one.to.map((each) => each.toLowerCase()).includes(to));
  await until(() => taken('night@acme.example').length === 1);
  const [{ recipients, about } = { recipients: [], about: '' }] = await mails();
  expect(recipients.map((one) => one.toLowerCase()).toSorted()).toEqual(
    ['night@acme.example', bea.email, kim.email].toSorted(),
  );
  expect(about).toBe('Front desk');
  const message = taken('night@acme.example')[0]?.message ?? '';
  for (const said of [`${name} asks to use Front desk`, 'The disk again', '/console/approvals'])
    expect(message).toContain(said);
  const [one] = await waiting(bea);
  expect(one).toMatchObject({ mayDecide: true, person: name });
  // Not their own, though they are named.
  expect(await waiting(rex)).toMatchObject([{ mayDecide: false }]);
  await ok(bea.post(`/api/console/approvals/${one.id}`, { approve: true, comment: 'Until noon' }));
  desk.site.mail.wake();
  await until(() => taken(rex.email).length === 1);
  for (const said of ['You may use Front desk', name, 'Until noon'])
    expect(taken(rex.email)[0]?.message).toContain(said);
});

test('without a mail server users are not written to, who see it in the console; addresses are, for as long as somebody may decide', async () => {
  await policy({ approval_required: true, approval_user_ids: [String(bea.userId)] });
  await asking(kim);
  expect((await mails()).map(({ recipients }) => recipients)).toEqual([['Night@acme.example']]);
  const [one] = await waiting(bea);
  await ok(bea.post(`/api/console/approvals/${one.id}`, { approve: false }));
  expect(await mails()).toHaveLength(1);
  desk.clock.move(8 * 86_400_000);
  desk.site.mail.wake();
  const failed = async () => (await ok(desk.operator.get('/api/mails?state=failed'))).body.items;
  await until(async () => (await failed()).length === 1, mails);
});
