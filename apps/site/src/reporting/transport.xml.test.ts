import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { raw } from '../testing/test-site.ts';
import { complaintsOf } from '../xml-api/testing/validate.ts';
import { reports } from './reports.ts';
import { openReportDesk, type ReportDesk } from './testing/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

const nothing = 'No Support report information matching your chosen criteria is available.';
const post = (path: string, body: string) => {
  desk.clock.move(100);
  const type = 'application/x-www-form-urlencoded';
  return raw(desk.url, 'POST', path, {
    headers: { authorization: `Bearer ${desk.reporter.token}`, 'content-type': type },
    body,
  });
};

describe('the transport', () => {
  test('parameters come in the address, in a form, or in both', async () => {
    const lsid = await desk.session();
    const name = 'generate_report=SupportSessionListing';
    const answers = [
      await desk.reporter.get(`/api/reporting?${name}&lsid=${lsid}`),
      await post('/api/reporting', `${name}&lsid=${lsid}`),
      await post(`/api/reporting?${name}`, `lsid=${lsid}`),
    ];
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.text).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n\n<session_summary_list xmlns="http:\/\/www\.beyondtrust\.com\/sra\/namespaces\/API\/reporting">\n<session_summary lsid=/,
    );
    expect(answers[0]?.headers.get('cache-control')).toBe('no-store');
    expect((await post(`/api/reporting?${name}&lsid=${lsid}`, `lsid=${'a'.repeat(32)}`)).text).toContain('there twice');
  });

  test('the namespace is a setting, and the schema follows it', async () => {
    const other = 'https://www.beyondtrust.com/namespaces/API';
    await desk.operator.ask('PATCH', '/api/options', { body: { xmlNamespace: other } });
    const lsid = await desk.session();
    const answer = await desk.reporter.get(`/api/reporting?generate_report=SupportSession&lsid=${lsid}`);
    expect(answer.text).toContain(`<session_list xmlns="${other}/reporting">`);
    expect(await complaintsOf(desk.schema, answer.text)).not.toBe('');
    expect(await complaintsOf((await desk.reporter.get('/api/reporting.xsd')).text, answer.text)).toBe('');
    await desk.operator.ask('PATCH', '/api/options', {
      body: { xmlNamespace: 'http://www.beyondtrust.com/sra/namespaces/API' },
    });
  });

  test('below it there is nothing else', async () => {
    for (const path of ['/api/reporting/', '/api/reporting/SupportSession', '/api/reporting/v1/x?generate_report=Team'])
      expect((await desk.reporter.get(path)).status).toBe(404);
  });

  test('a token that opens nothing is 401, and each report takes its own permission', async () => {
    const bad = await raw(desk.url, 'GET', '/api/reporting', {
      headers: { authorization: `Bearer ${'x'.repeat(40)}` },
    });
    expect([bad.status, bad.body.error]).toEqual([401, 'access_denied']);
    const columns = {
      ...{ reportingSupport: 'perm_reporting_support', reportingVault: 'perm_reporting_vault' },
      ...{ reportingSyslog: 'perm_reporting_syslog' },
    };
    const none = await desk.program({ perm_command: 'full_access' });
    const one = new Map<string, Awaited<ReturnType<typeof desk.program>>>();
    for (const column of Object.values(columns))
      one.set(column, await desk.program({ perm_configuration: false, [column]: true }));
    for (const { name, needs } of reports) {
      expect((await none.get(`/api/reporting?generate_report=${name}`)).status).toBe(403);
      for (const [column, program] of one) {
        const answer = await program.get(`/api/reporting?generate_report=${name}&lsid=${'a'.repeat(32)}`);
        const may = columns[needs] === column;
        expect([name, column, answer.status]).toEqual([name, column, may ? 200 : 403]);
        if (!may) expect(answer.body.message).toContain('permission');
      }
    }
    expect((await none.get('/api/reporting.xsd')).status).toBe(403);
  });
});

describe('what is wrong', () => {
  test.each([
    ['', {}, 'generate_report'],
    ['SupportSummary', {}, 'SupportSummary'],
    ['SupportSession', {}, 'lsid'],
    ['SupportSession', { lsid: 'x' }, 'lsid: '],
    ['SupportSession', { lsids: `${'a'.repeat(32)},x` }, 'lsids: '],
    ['SupportSession', { start_time: 'yesterday', duration: 0 }, 'start_time: '],
    ['SupportSession', { start_time: '-5', duration: 0 }, 'start_time: '],
    ['SupportSession', { start_time: '999999999999', duration: 0 }, 'start_time: '],
    ['SupportSession', { start_date: '2026-02-31', duration: 0 }, 'start_date: '],
    ['SupportSession', { start_date: '2026-13-01', duration: 0 }, 'start_date: '],
    ['SupportSession', { end_date: '28.11.2026', duration: 0 }, 'end_date: '],
    // A day of the calendar of ISO, of which a database knows nothing.
    ['SupportSession', { start_date: '0000-01-01', duration: 0 }, 'start_date: '],
    ['SupportSession', { start_time: 5 }, 'duration is missing'],
    ['SupportSession', { start_time: 5, duration: 'all' }, 'duration: '],
    ['SupportSession', { start_time: 5, end_time: 6, duration: 0 }, 'start_time, end_time: '],
    ['SupportSessionSummary', { start_time: 5, duration: 0, id: 'x' }, 'id: '],
    ['SupportTeam', { start_time: 5, duration: 0, team_id: 'x' }, 'team_id: '],
    ['SupportTeam', { team_id: 1 }, 'start_time'],
    ['SupportSessionRecording', {}, 'lsid is missing'],
    ['Syslog', { start_time: 'x' }, 'start_time: '],
  ])('is named in an error: %s %o', async (name, parameters, words) => {
    expect(await desk.errorOf(name, parameters)).toContain(words);
  });

  test('a report about nothing is an error in words that programs know', async () => {
    const far = { start_time: 4_000_000_000, duration: 60 };
    for (const name of [
      'SupportSession',
      'SupportSessionListing',
      'SupportSessionSummary',
      'SupportCustExitSurvey',
      'SupportTeam',
    ])
      expect([name, await desk.errorOf(name, far)]).toEqual([name, nothing]);
    for (const name of ['AccessSession', 'AccessSessionListing', 'AccessSessionSummary', 'Team'])
      expect(await desk.errorOf(name, far)).toBe(nothing.replace('Support', 'Access'));
    for (const name of ['SupportSessionRecording', 'AccessSessionRecording', 'CommandShellRecording'])
      expect(await desk.errorOf(name, { lsid: 'a'.repeat(32) })).toMatch(/^No (Support|Access) report information/);
  });

  test('dates count days and times count seconds, a time says more than a date, and 0 is until now', async () => {
    const lsid = await desk.session();
    const now = desk.clock.now();
    const today = now.toISOString().slice(0, 10);
    const midnight = Date.parse(`${today}T00:00:00Z`) / 1_000;
    const at = Math.floor(now.getTime() / 1_000);
    const has = async (parameters: Readonly<Record<string, string | number>>) =>
      (await desk.report('SupportSessionListing', parameters)).text.includes(lsid);
    expect(await has({ start_date: today, duration: 1 })).toBe(true);
    expect(await has({ start_time: at - 5, duration: 10 })).toBe(true);
    expect(await has({ start_date: today, start_time: at - 5, duration: 0 })).toBe(true);
    expect(await has({ start_date: today, start_time: at + 60, duration: 0 })).toBe(false);
    expect(await has({ start_time: midnight - 86_400, duration: 60 })).toBe(false);
    expect(await has({ start_date: today, duration: '99999999' })).toBe(true);
    expect(await has({ start_date: '0001-01-01', duration: 0 })).toBe(true);
    // Programs send all that they know, also where it is empty.
    const empty = { lsid: '', lsids: '', start_time: '', end_date: '', end_time: '' };
    expect(await has({ ...empty, start_date: today, duration: 0 })).toBe(true);
    expect(await has({ lsids: ` ${'a'.repeat(32)} , ${lsid} ,` })).toBe(true);
    // Programs send empty categories, zones and more.
    expect(await has({ start_date: today, duration: 0, limit: 'chat', report_zone: 'x' })).toBe(true);
  });
});
