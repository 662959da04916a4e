import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { joinSession, leaveSession } from '../support/sessions.ts';
import { openReportDesk, type ReportDesk } from './testing/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());
/** Nothing takes time in these but what is said to. */
beforeEach(() => desk.clock.stop());
afterEach(() => desk.clock.go());

const hostile = '</body>]]><script>alert("x")</script>\n&amp; \'two\' \u0000\u0008é 😀';
/** A database keeps no zero byte, so that one comes only where something is made of it. */
const kept = hostile.replace('\u0000', '');
const shown = kept.replace('\u0008', '\ufffd');
const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1);
  return items[0] as T;
};
const seconds = (at: Date) => Math.floor(at.getTime() / 1_000);
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail on a wrong one.
type Found = any;
const sessionOf = async (lsid: string): Promise<Found> =>
  only<Found>((await desk.report('SupportSession', { lsid })).content.session);
const eventsOf = async (lsid: string, type: string): Promise<Found[]> =>
  (await sessionOf(lsid)).session_details.event.filter((one: Found) => one['@event_type'] === type);

describe('a support session', () => {
  test('is told with everybody in it, as programs read it', async () => {
    const lsid = await desk.session('Carol <c> & "d"');
    desk.clock.move(90_000);
    const ben = await desk.representative({ perm_support_allowed: true });
    await desk.change((one) => joinSession(one, lsid, { userId: ben.userId, username: ben.username, name: 'Ben' }));
    desk.clock.move(30_000);
    await desk.change((one) => leaveSession(one, lsid, { userId: ben.userId, username: ben.username, name: 'Ben' }));
    await desk.change(async ({ tx }) => {
      const asset = JSON.stringify({ asset: kept });
      await sql`update support_sessions set external_key = ${kept}, attributes = ${asset}::jsonb where lsid = ${lsid}`.execute(
        tx,
      );
    });
    await desk.end(lsid);
    const session = await sessionOf(lsid);
    expect(session).toMatchObject({
      ...{ '@lsid': lsid, session_type: 'support', external_key: shown, duration: '00:02:00' },
      public_site: { '@id': '1' },
      primary_customer: { '@gsnumber': '1', '#text': 'Carol <c> & "d"' },
      primary_rep: { '@gsnumber': '2', '@id': String(desk.anna.userId), '#text': 'Anna & <Co>' },
      ...{ file_transfer_count: '0', file_move_count: '0', file_delete_count: '0' },
    });
    expect(Number(session.lseq)).toBeGreaterThan(0);
    expect(Number(session.end_time['@timestamp']) - Number(session.start_time['@timestamp'])).toBe(120);
    expect(session.start_time['#text']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    expect(new Date(session.start_time['#text']).getTime() / 1_000).toBe(Number(session.start_time['@timestamp']));
    expect(session.custom_attributes.custom_attribute).toEqual([
      { '@display_name': 'Asset "tag" <&>', '@code_name': 'asset', '#text': shown },
    ]);
    expect(only<Found>(session.customer_list.customer)).toMatchObject({
      ...{ '@gsnumber': '1', username: 'Carol <c> & "d"', public_ip: '192.0.2.9:0', hostname: 'pc1', os: 'Windows' },
      ...{ primary_cust: '1', info: { name: 'Carol <c> & "d"', company: 'Acme', issue: 'It beeps' } },
    });
    expect(session.rep_list.representative).toMatchObject([
      { '@id': String(desk.anna.userId), username: desk.anna.username, session_owner: '1', primary_rep: '1' },
      { '@gsnumber': '3', display_name: 'Ben', session_owner: '0', primary_rep: '0', seconds_involved: '30' },
    ]);
    expect(session.session_details.event.map((one: Found) => one['@event_type'])).toEqual([
      ...['Session Start', 'Conference Member Added', 'Conference Member Added', 'Conference Owner Changed'],
      ...['Conference Member Added', 'Conference Member Departed', 'Session End'],
    ]);
  });

  test('that goes on has no end, and is there by its start and not by its end', async () => {
    desk.clock.move(10_000);
    const start_time = seconds(desk.clock.now());
    const lsid = await desk.session();
    desk.clock.move(60_000);
    const { content } = await desk.report('SupportSession', { start_time, duration: 0 });
    const session = content.session.find((one: Found) => one['@lsid'] === lsid);
    expect([session.end_time, session.duration]).toEqual(['', '00:01:00']);
    expect(await desk.errorOf('SupportSession', { end_time: start_time, duration: 0 })).toBe(nothing);
    await desk.end(lsid);
    const ended = await desk.report('SupportSession', { end_time: start_time, duration: 0 });
    expect(ended.content.session.map((one: Found) => one['@lsid'])).toEqual([lsid]);
  });

  test('tells what happened in the names of real sites, and what people wrote is text', async () => {
    const lsid = await desk.session();
    const file = await desk.blob(lsid, 'file', ['abc']);
    const gone = '0198c7a0-0000-7000-8000-000000000000';
    await desk.add(
      lsid,
      { type: 'chat_message', performedBy: 1, body: { text: kept } },
      { type: 'chat_message', performedBy: 2, body: { text: 'b', by: 'API account X' } },
      { type: 'note_added', performedBy: 2, body: { text: kept } },
      { type: 'file_sent', performedBy: 1, body: { file, name: kept, size: 3, type: 'text/plain', sha256: 'ab' } },
      { type: 'file_received', performedBy: 2, body: { file: gone, name: 'x', size: 9 } },
      { type: 'file_refused', performedBy: 1, body: { name: 'x.exe', size: 9, reason: 'type' } },
      { type: 'attributes_set', performedBy: null, body: { attributes: { external_key: kept }, by: 'Desk' } },
      { type: 'transferred', performedBy: null, body: { queue: 'team:3', by: 'Desk' } },
      { type: 'screen_started', performedBy: 1, body: { recording: gone } },
    );
    const [first, second] = await eventsOf(lsid, 'Chat Message');
    expect(first.performed_by).toEqual({ '@type': 'customer', '@gsnumber': '1', '#text': 'Carol' });
    // What XML cannot hold comes whole all the same, and what it can as it is.
    expect([first.body, Buffer.from(first.encoded_body, 'base64').toString()]).toEqual([undefined, kept]);
    // In one second, and still in their order.
    expect([second['@timestamp'], second.body, second.encoded_body]).toEqual([first['@timestamp'], 'b', undefined]);
    expect(second.data.value).toEqual([{ '@name': 'spoken_by', '@value': 'API account X' }]);
    const note = only(await eventsOf(lsid, 'Session Note Added'));
    expect(Buffer.from(note.encoded_body, 'base64').toString()).toBe(kept);
    const sent = only(await eventsOf(lsid, 'File Upload'));
    expect(sent).toMatchObject({ filename: shown, filesize: '3' });
    expect(sent.data.value.map((one: Found) => one['@name'])).toEqual([...['content_type', 'sha256', 'download_url']]);
    // Of what is not there any more no link is given.
    expect(only(await eventsOf(lsid, 'File Download')).data).toBeUndefined();
    expect(only(await eventsOf(lsid, 'Session Attribute Changed'))).toMatchObject({
      performed_by: { '@type': 'system', '@gsnumber': '0', '#text': 'Desk' },
      data: { value: [{ '@name': 'external_key', '@value': shown }] },
    });
    expect((await eventsOf(lsid, 'Conference Owner Changed')).at(-1)).toMatchObject({
      destination: { '@type': 'system', '@gsnumber': '0', '#text': 'team:3' },
    });
    expect(only(await eventsOf(lsid, 'Screen Sharing Started')).performed_by['@gsnumber']).toBe('1');
    expect((await sessionOf(lsid)).file_transfer_count).toBe('1');
  });

  test('has system information as tables, whatever of it is missing', async () => {
    const lsid = await desk.session();
    const disks = [
      [
        { name: 'Drive', value: 'C:' },
        { name: kept, value: '5' },
      ],
      [{ name: 'Drive', value: kept }],
    ];
    await desk.add(
      lsid,
      {
        ...{ type: 'system_information', performedBy: 1 },
        body: {
          categories: [
            { name: kept, fields: [{ name: 'OS', value: kept }], rows: disks },
            { name: 'Nothing' },
            { fields: 'wrong' },
          ],
        },
      },
      { type: 'system_information', performedBy: 1, body: {} },
    );
    const [first, second] = await eventsOf(lsid, 'System Information Retrieved');
    expect(Object.keys(first).toSorted()).toEqual(['@event_type', '@timestamp', 'system_information']);
    expect(first.system_information.category).toMatchObject([
      {
        ...{ '@name': shown, description: { field: [{ '@id': 'OS', '@name': 'OS' }] } },
        data: { row: [{ field: [{ '@id': 'OS', '#text': shown }] }] },
      },
      {
        description: { field: [{ '@name': 'Drive' }, { '@name': shown }] },
        data: {
          row: [
            {
              field: [
                { '@id': 'Drive', '#text': 'C:' },
                { '@id': shown, '#text': '5' },
              ],
            },
            { field: [{ '@id': 'Drive', '#text': shown }, { '@id': shown }] },
          ],
        },
      },
      { '@name': 'Nothing' },
      { '@name': '' },
    ]);
    expect(second.system_information).toBe('');
  });

  test('with more events than are read at once has all of them in order', async () => {
    const lsid = await desk.session();
    const names = Array.from({ length: 2_345 }, (_, at) => `message ${at}`);
    await desk.change(async ({ tx, now }) => {
      await sql`update support_sessions set last_event = last_event + ${names.length} where lsid = ${lsid}`.execute(tx);
      await sql`insert into support_events (lsid, seq, at, type, performed_by, body)
        select ${lsid}, 100 + n, ${now}, 'chat_message', 1, jsonb_build_object('text', name)
        from unnest(${names}::text[]) with ordinality as each(name, n)`.execute(tx);
    });
    expect((await eventsOf(lsid, 'Chat Message')).map(({ body }) => body)).toEqual(names);
  });
});

const nothing = 'No Support report information matching your chosen criteria is available.';

describe('surveys', () => {
  const answers = [
    { name: 'rating', label: 'How was it? <b>', type: 'radio', value: '5' },
    { name: 'comments', label: kept, type: 'text', value: kept },
    { name: 'tags', label: '', type: 'checkbox', value: ['a', 'b'] },
    { name: 'none', label: 'None', type: 'text', value: '' },
  ];

  test('are in their session and in reports of their own, with and without answers, also after its end', async () => {
    desk.clock.move(600_000);
    const began = seconds(desk.clock.now());
    const lsid = await desk.session();
    desk.clock.move(60_000);
    await desk.end(lsid);
    desk.clock.move(600_000);
    const at = seconds(desk.clock.now());
    await desk.add(lsid, { type: 'survey_completed', performedBy: 1, body: { kind: 'customer', answers } });
    await desk.add(lsid, { type: 'survey_completed', performedBy: 2, body: { kind: 'representative' } });
    const session = await sessionOf(lsid);
    const mine = only<Found>(session.cust_survey_list.cust_exit_survey);
    const asked = { start_time: began - 5, duration: 10, report_type: 'rep', id: 'all' };
    const { content } = await desk.report('SupportCustExitSurvey', asked);
    expect(only(content.exit_survey)).toEqual(mine);
    expect(mine).toMatchObject({
      ...{ '@lsid': lsid, submitted_by: { '@type': 'customer', '#text': 'Carol' } },
      // By these programs find whose it is.
      primary_customer: { '@gsnumber': '1', '#text': 'Carol' },
      primary_rep: { '@gsnumber': '2', '@id': String(desk.anna.userId), '#text': 'Anna & <Co>' },
    });
    expect(Number(mine['@ts'])).toBeGreaterThanOrEqual(at);
    expect(mine.question_list.question).toMatchObject([
      { '@id': '1', type: 'radio', label: 'How was it? <b>', name: 'rating', answer_list: { answer: ['5'] } },
      { name: 'comments', label: shown, report_header: shown, answer_list: { answer: [shown] } },
      { name: 'tags', report_header: 'tags', answer_list: { answer: ['a', 'b'] } },
      { name: 'none', answer_list: '' },
    ]);
    const rep = only<Found>((await desk.report('SupportRepExitSurvey', asked)).content.exit_survey);
    expect(rep).toMatchObject({
      ...{ '@lsid': lsid, submitted_by: { '@type': 'rep', '#text': 'Anna & <Co>' }, question_list: '' },
      primary_rep: { '@gsnumber': '2' },
    });
    const ofAnna = { lsid, report_type: 'rep', id: desk.anna.userId };
    expect((await desk.report('SupportRepExitSurvey', ofAnna)).content.exit_survey).toEqual([rep]);
    expect(await desk.errorOf('SupportRepExitSurvey', { ...ofAnna, id: 2_000_000 })).toBe(nothing);
    // By when their session began or ended, as sessions are.
    const found = async (span: Readonly<Record<string, number>>) =>
      (await desk.report('SupportCustExitSurvey', { duration: 10, report_type: 'rep', id: 'all', ...span })).root;
    expect(await found({ end_time: began + 55 })).toBe('exit_survey_list');
    for (const span of [{ start_time: at - 5 }, { end_time: at - 5 }, { start_time: began + 55 }])
      expect([span, await found(span)]).toEqual([span, 'error']);
    const open = await desk.session();
    await desk.add(open, { type: 'survey_completed', performedBy: 1, body: { kind: 'customer', answers } });
    const listed = await desk.report('SupportCustExitSurvey', { end_time: began, duration: 0 });
    expect(listed.content.exit_survey.map((one: Found) => one['@lsid'])).toEqual([lsid]);
    expect(await desk.errorOf('SupportRepExitSurvey', { ...asked, report_type: 'team' })).toContain('report_type');
  });
});

describe('lists and sums', () => {
  test('are of all that is kept where a program asks for no time', async () => {
    const lsid = await desk.session();
    const listing = await desk.report('SupportSessionListing');
    expect(listing.content.session_summary.map((one: Found) => one['@lsid'])).toContain(lsid);
    const summary = await desk.report('SupportSessionSummary', { report_type: 'rep' });
    expect(summary.content.summary.map((one: Found) => one['@id'])).toContain(String(desk.anna.userId));
  });

  test('the listing has each session once, with its external key and whether there is a recording', async () => {
    const [one, two] = [await desk.session(), await desk.session()];
    await desk.change(({ tx }) =>
      sql`update support_sessions set external_key = ${kept} where lsid = ${one}`.execute(tx),
    );
    await desk.blob(two, 'screen', ['frames']);
    const { root, content } = await desk.report('SupportSessionListing', {
      lsids: `${two},${one.toUpperCase()},${one}`,
    });
    expect(root).toBe('session_summary_list');
    expect(content.session_summary).toEqual([
      { '@lsid': one, '@has_recording': '0', '@external_key': shown },
      { '@lsid': two, '@has_recording': '1', '@external_key': '' },
    ]);
  });

  test('of more sessions than are read at once none is twice or missing', async () => {
    const from = new Date('2020-01-01T00:00:00Z');
    // Many in one moment, and at parts of a second that a clock of JavaScript does not tell apart.
    await desk.change(({ tx }) =>
      sql`insert into support_sessions (lsid, correlation_id, state, queue, priority, began_at, ended_at, end_reason)
        select md5(n::text), 'x', 'ended', 'general', 2, at, at + interval '1 hour', 'done' from (
          select n, ${from}::timestamptz + (n / 7) * interval '1 microsecond' as at from generate_series(1, 1500) n) s`.execute(
        tx,
      ),
    );
    for (const by of ['start', 'end']) {
      const span = { [`${by}_date`]: '2020-01-01', duration: 1 };
      const { content } = await desk.report('SupportSessionListing', span);
      const lsids = content.session_summary.map((each: Found) => each['@lsid']);
      expect([lsids.length, new Set(lsids).size]).toEqual([1_500, 1_500]);
    }
  });

  test('the summary adds up who was in how many sessions, and how long', async () => {
    const eve = await desk.representative({ perm_support_allowed: true });
    const who = { userId: eve.userId, username: eve.username, name: 'Eve' };
    for (const ms of [60_000, 30_000]) {
      const lsid = await desk.session();
      await desk.change((one) => joinSession(one, lsid, who));
      desk.clock.move(ms);
      await desk.end(lsid);
    }
    const start_time = seconds(desk.clock.now()) - 600;
    const { root, content } = await desk.report('SupportSessionSummary', {
      ...{ start_time, duration: 0, report_type: 'rep', id: eve.userId },
    });
    expect([root, only(content.summary)]).toEqual([
      'summary_list',
      {
        ...{ '@id': String(eve.userId), username: eve.username, display_name: 'Eve', session_count: '2' },
        ...{ seconds_involved: '90', average_seconds: '45' },
      },
    ]);
  });

  test('a team has what came to its queue, and who joined it', async () => {
    const start_time = seconds(desk.clock.now()) - 1;
    const lsid = await desk.wait(`team:${desk.teams.network}`);
    const { content } = await desk.report('SupportTeam', { start_time, duration: 0, team_id: desk.teams.network });
    const team = only<Found>(content.team_activity);
    expect(team).toMatchObject({ '@id': String(desk.teams.network), '@name': 'Network & <wires>' });
    expect(team.events.event).toMatchObject([
      { '@event_type': 'Session Queued', data: { value: [{ '@name': 'lsid', '@value': lsid }] } },
    ]);
    const all = await desk.report('Team', { start_date: '2020-01-01', duration: 0 });
    const printers = all.content.team_activity.find((one: Found) => one['@name'] === 'Printers');
    expect(printers.events.event).toContainEqual(
      expect.objectContaining({
        '@event_type': 'Member Added',
        data: { value: [{ '@name': 'user_id', '@value': String(desk.anna.userId) }] },
      }),
    );
    expect(await desk.errorOf('Team', { start_time, duration: 0, team_id: desk.teams.printers })).toContain(
      'No Access report',
    );
  });
});
