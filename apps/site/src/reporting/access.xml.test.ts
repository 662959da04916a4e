import { randomUUID } from 'node:crypto';
import { systemClock } from '@gatehouse/kernel';
import { audit } from '@gatehouse/server';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRecording } from '../recordings/index.ts';
import { removeRecording } from '../retention/store.ts';
import { openReportDesk, type ReportDesk } from './testing/report-desk.ts';
import { numberOf } from './vault.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

const hostile = '<b>]]>&amp; "two"\n\u0008';
const shown = hostile.replace('\u0008', '\ufffd');
const expired = 'This recording has expired and can no longer be viewed or downloaded.';
const nothing = 'No Access report information matching your chosen criteria is available.';
const digits = (id: string) => id.replaceAll('-', '');
const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
type Found = any;

/** A session as one leaves it; null: it goes on. */
const session = async (
  openedAt: Date | null,
  endedAt: Date | null,
  more: {
    readonly jumpGroup?: string | null;
    readonly format?: 'asciicast' | 'desktop';
    readonly guest?: boolean;
  } = {},
): Promise<string> => {
  const id = randomUUID();
  const { jumpGroup = null, format, guest = false } = more;
  const at = openedAt ?? desk.clock.now();
  const { processId } = desk.site.sessions.parts;
  const left = new Date(at.getTime() + 20_000).toISOString();
  const joined = {
    userId: 2,
    username: 'gus',
    name: hostile,
    reason: 'to help',
    ticket: '',
    joinedAt: at,
    leftAt: left,
  };
  const participants = JSON.stringify(guest ? [joined] : []);
  await desk.change(({ tx }) =>
    sql`insert into sessions (session_id, correlation_id, process_id, state, user_id, username, person_name, item_type,
        item_id, item_name, hostname, jump_group, account, reason, ticket, requested_at, opened_at, ended_at, ending, rules,
        participants)
      values (${id}, 'gh', ${processId}, ${endedAt === null ? 'open' : 'ended'}, 1, 'bea', 'Bea', 'shell-jump', 1, ${hostile},
        'web-1', ${jumpGroup}, 'root', ${hostile}, 'T & 1', ${at}, ${openedAt}, ${endedAt},
        ${endedAt === null ? null : 'left'}, '{"upload":true,"download":true,"clipboard":true,"idleMinutes":null}',
        ${participants}::jsonb)`.execute(tx),
  );
  if (format === undefined) return id;
  const parts = { database: desk.database, clock: systemClock, sealer: desk.site.server.sealer };
  const writer = await startRecording(parts, { sessionId: id, format, flushMs: 10 }, () => undefined);
  await writer.write('what was seen');
  await writer.end();
  return id;
};
const by = { principal: { kind: 'program', id: '1', name: 'Bea <bea@example.com>' }, correlationId: 'gh' } as const;

test('a session with an endpoint is told as programs read it, with its guests and what was done with files', async () => {
  const { id: groupId } = (await desk.operator.post('/api/jump-groups', { name: 'Servers <&>' })).body;
  const at = new Date(desk.clock.now().getTime() - 60_000);
  const id = await session(at, new Date(at.getTime() + 50_000), {
    ...{ jumpGroup: 'Servers <&>', format: 'asciicast', guest: true },
  });
  await desk.change(async ({ tx }) => {
    const acts = [
      { action: 'file.upload', change: { session: id, path: hostile, bytes: 3 } },
      { action: 'file.rename', change: { session: id, from: '/a', to: '/b' } },
      { action: 'file.delete', change: { session: id, path: '/c' } },
    ];
    for (const act of acts) await audit(tx, by, { ...act, target: 'web-1' });
  });
  const { root, content } = await desk.report('AccessSession', { lsid: digits(id) });
  const [found]: Found[] = content.session;
  expect([root, content.session.length]).toEqual(['session_list', 1]);
  expect(found).toMatchObject({
    ...{ '@lsid': digits(id), session_type: 'support', external_key: 'T & 1', duration: '00:00:50' },
    ...{ start_time: { '@timestamp': String(seconds(at)) }, custom_attributes: '' },
    ...{ file_transfer_count: '1', file_move_count: '1', file_delete_count: '1' },
    ...{ jump_group: { '@type': 'shared', '@id': String(groupId), '#text': 'Servers <&>' } },
    // Programs cannot do without one, also of an item that is deleted.
    jumpoint: { '@id': '0' },
    primary_customer: { '@gsnumber': '1', '#text': shown },
    primary_rep: { '@gsnumber': '2', '@id': '1', '#text': 'Bea' },
  });
  expect(found.session_recording_download_url).toBeUndefined();
  expect(found.command_shell_recordings.command_shell_recording[0].download_url).toContain('m%3Dshell');
  expect(found.rep_list.representative).toMatchObject([
    { '@gsnumber': '2', username: 'bea', session_owner: '1', seconds_involved: '50' },
    { '@gsnumber': '3', display_name: shown, session_owner: '0', seconds_involved: '20' },
  ]);
  const types = found.session_details.event.map((one: Found) => one['@event_type']);
  expect(types.slice(0, 4)).toEqual([
    ...['Session Start', 'Conference Owner Changed', 'Conference Member Added', 'Conference Member Added'],
  ]);
  expect(types.slice(4).toSorted()).toEqual([
    ...['Conference Member Departed', 'File Deleted', 'File Moved', 'File Upload', 'Session End'],
  ]);
  const upload = found.session_details.event.find((one: Found) => one['@event_type'] === 'File Upload');
  expect(upload).toMatchObject({ filename: shown, filesize: '3', performed_by: { '@gsnumber': '2' } });
});

test('one that goes on is there by its start and not by its end, and one that never opened is not there', async () => {
  const at = new Date(desk.clock.now().getTime() + 100_000);
  const [open, failed] = [await session(at, null), await session(null, at)];
  const start = { start_date: '2020-01-01', start_time: seconds(at), duration: 0 };
  const { content } = await desk.report('AccessSession', start);
  expect(content.session.map((one: Found) => one['@lsid'])).toEqual([digits(open)]);
  expect(content.session[0]).toMatchObject({
    end_time: '',
    jump_group: { '@type': 'personal', '@id': '1', '#text': 'Bea' },
  });
  expect(await desk.errorOf('AccessSession', { end_time: seconds(at), duration: 0 })).toBe(nothing);
  expect(await desk.errorOf('AccessSession', { lsid: digits(failed) })).toBe(nothing);
  const listed = await desk.report('AccessSessionListing', start);
  expect(listed.content.session_summary).toEqual([
    { '@lsid': digits(open), '@has_recording': '0', '@external_key': 'T & 1' },
  ]);
  const summary = await desk.report('AccessSessionSummary', { lsid: digits(open), report_type: 'user' });
  expect(summary.content.summary).toMatchObject([{ '@id': '1', username: 'bea', session_count: '1' }]);
  expect(await desk.errorOf('AccessSessionSummary', { ...start, report_type: 'rep' })).toContain('report_type');
});

test('a session has the Jumpoint of its item, and its recordings are numbered from 0', async () => {
  const { body: group } = await desk.operator.post('/api/jump-groups', { name: 'Plant' });
  const item = { name: 'web', hostname: 'web-1', protocol: 'ssh', jumpoint_id: 1, jump_group_id: group.id };
  const made = await desk.operator.post('/api/jump-items/shell-jump', { ...item, jump_group_type: 'shared' });
  const at = new Date(desk.clock.now().getTime() - 60_000);
  const id = await session(at, new Date(at.getTime() + 1_000), { format: 'asciicast' });
  await desk.change(({ tx }) =>
    sql`update sessions set item_id = ${made.body.id} where session_id = ${id}`.execute(tx),
  );
  const { content } = await desk.report('AccessSession', { lsid: digits(id) });
  const [found]: Found[] = content.session;
  const names = await desk.change(({ tx }) =>
    sql<{ name: string }>`select name from jumpoints where id = 1`.execute(tx),
  );
  expect(found.jumpoint).toEqual({ '@id': '1', '#text': names.rows[0]?.name });
  expect(found.command_shell_recordings.command_shell_recording).toMatchObject([{ '@instance': '0' }]);
  const ask = (instance: string) =>
    desk.reporter.get(`/api/reporting?generate_report=CommandShellRecording&lsid=${digits(id)}${instance}`);
  for (const instance of ['', '&instance=0']) expect((await ask(instance)).text).toContain('what was seen');
  expect((await ask('&instance=1')).text).toContain(nothing);
});

test('a recording that the retention removed is told to have expired', async () => {
  const at = new Date(desk.clock.now().getTime() - 60_000);
  for (const [format, report] of [
    ['asciicast', 'CommandShellRecording'],
    ['desktop', 'AccessSessionRecording'],
  ] as const) {
    const id = await session(at, new Date(at.getTime() + 1_000), { format });
    await desk.change(({ tx }) => removeRecording(tx, id, desk.clock.now()));
    expect(await desk.errorOf(report, { lsid: digits(id) })).toBe(expired);
  }
  const lsid = await desk.session();
  await desk.end(lsid);
  await desk.change(({ tx, now }) =>
    sql`update support_sessions set recordings_removed_at = ${now} where lsid = ${lsid}`.execute(tx),
  );
  for (const report of ['SupportSessionRecording', 'CommandShellRecording'])
    expect(await desk.errorOf(report, { lsid })).toBe(expired);
});

test('credentials are told when they are handed to a session and when they come back, of whom and which', async () => {
  const [lease, id] = [randomUUID(), randomUUID()];
  const from = seconds(new Date()) - 2;
  const empty = { start_time: from + 86_400, duration: 60 };
  const entries = [
    {
      action: 'credential.retrieve',
      change: { outcome: 'asked', lease, session: id, credential: `root & <${hostile}>` },
    },
    { action: 'credential.retrieve', change: { outcome: 'handed', lease, session: id } },
    { action: 'credential.release', change: { lease, session: id } },
    { action: 'credential.released', change: { lease, session: id } },
  ];
  await desk.change(async ({ tx }) => {
    for (const entry of entries) {
      await audit(tx, by, { ...entry, target: 'web-1' });
      await sql`update system_audit set actor_id = ${desk.anna.personId} where change ->> 'outcome' = 'asked'`.execute(
        tx,
      );
    }
  });
  const { root, content } = await desk.report('VaultAccountActivity', { start_time: from, duration: 0 });
  expect(root).toBe('vault_account_activity_list');
  expect(content.vault_account_activity.map((one: Found) => one['@event_type'])).toEqual([
    ...['Credentials Checked Out', 'Credentials Used', 'Credentials Checked In'],
  ]);
  const number = content.vault_account_activity[0]['@account'];
  expect(Number(number)).toBeGreaterThan(0);
  expect(Number(number)).toBeLessThanOrEqual(2_147_483_647);
  expect([numberOf('root'), numberOf('other'), numberOf('4711')]).toEqual([
    numberOf('root'),
    expect.any(Number),
    4_711,
  ]);
  expect(numberOf('root')).not.toBe(numberOf('other'));
  for (const one of content.vault_account_activity)
    expect(one).toMatchObject({
      // A number, as programs read it, and what it stands for.
      ...{ '@account': number, '@account_name': `root & <${shown}>`, data: digits(id) },
      performed_by: { '@id': String(desk.anna.userId), '@type': 'User', '#text': 'Bea <bea@example.com>' },
    });
  expect(await desk.errorOf('VaultAccountActivity', empty)).toMatch(/^No Vault report information/);
  expect(await desk.errorOf('VaultAccountActivity')).toContain('start_time');
});
