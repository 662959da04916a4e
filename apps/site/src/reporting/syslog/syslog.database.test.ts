import { audit } from '@gatehouse/server';
import { strFromU8, unzipSync } from 'fflate';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../testing/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

/** What a program that reads such reports takes, and nothing else. */
const form =
  /^([A-Z][a-z]{2})\s{1,2}(\d{1,2}) (\d\d:\d\d:\d\d) ([a-z]+) BG\[(\d{1,7})\]: (\d{1,5}):(\d\d):(\d\d):(.*)$/;

const report = async (query = '') => {
  desk.clock.move(100);
  const answer = await fetch(new URL(`/api/reporting?generate_report=Syslog${query}`, desk.url), {
    headers: { authorization: `Bearer ${desk.reporter.token}` },
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
  const files = Object.entries(unzipSync(new Uint8Array(await answer.arrayBuffer())));
  expect(files.map(([name]) => name)).toEqual([expect.stringMatching(/^syslog-\d{4}-\d\d-\d\d\.txt$/)]);
  const text = strFromU8(files[0]?.[1] ?? new Uint8Array());
  expect(text.endsWith('\n')).toBe(true);
  return toMessages(text.slice(0, -1).split('\n'));
};

/** Segments joined by their number, and their pairs; every line must have the form. */
const toMessages = (lines: readonly string[]) => {
  const messages = new Map<string, string[]>();
  for (const line of lines) {
    const match = form.exec(line);
    expect(line).toMatch(form);
    const [number = '', , segment = '', segments = '', payload = ''] = match?.slice(5) ?? [];
    const held = messages.get(number) ?? [];
    held.push(payload);
    expect(Number(segment)).toBe(held.length);
    expect(held.length).toBeLessThanOrEqual(Number(segments));
    messages.set(number, held);
  }
  return [...messages.values()].map((segments) => toPairs(segments.join('')));
};

const toPairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/(?<!\\);/).map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1).replaceAll('\\;', ';')];
    }),
  );
const by = {
  principal: { kind: 'program', id: '1', name: 'Ada; "K" <ada@example.com>' },
  correlationId: 'gh',
} as const;
const note = (action: string, change: Parameters<typeof audit>[2]['change'], target = 'T') =>
  desk.change(({ tx }) => audit(tx, by, { action, target, change: change ?? {} }));

test('the audit comes as lines of exactly the form that programs take', async () => {
  const hostile = 'a;b=c\\;d\ne\r\u2028f\u0000g\\'.replace('\u0000', '');
  await note('api-account.create', { name: hostile, address: '192.0.2.7', list: ['x;y'], event: 'login' }, hostile);
  await note('options.change', { before: { company: hostile, 'odd;name=': 'x' }, after: { company: 'b' } });
  const messages = await report();
  const made = messages.find((one) => one.get('event') === 'api_account_added' && one.get('who_ip') === '192.0.2.7');
  expect(made?.get('who')).toBe('Ada; "K" (ada@example.com)');
  expect(made?.get('site')).toBe(new URL(desk.url).hostname);
  expect(Number(made?.get('when'))).toBeGreaterThan(1_700_000_000);
  const shown = 'a;b=c\\;d e f'.replace('f', 'fg\\ ');
  expect(made?.get('target')).toBe(shown);
  expect(made?.get('api_account:name')).toBe(shown);
  expect(made?.get('api_account:event')).toBe('login');
  const changed = messages.find((one) => one.get('old_options:company') === shown);
  expect(changed?.get('event')).toBe('setting_changed');
  expect(changed?.get('new_options:company')).toBe('b');
  expect(changed?.get('old_options:odd_name_')).toBe('x');
  expect(messages.at(-1)?.get('event')).toBe('syslog_report_generated');
});

test('long messages are split between letters and come together again, up to what two digits can count', async () => {
  const long = 'ä😀'.repeat(2_000);
  await note('user.change', { before: { comments: long }, after: {} });
  await note('user.change', { before: { comments: 'x'.repeat(200_000) }, after: { marker: 'cut' } });
  const messages = await report();
  expect(messages.some((one) => one.get('old_user:comments') === long)).toBe(true);
  expect(messages.some((one) => one.get('old_user:comments')?.endsWith('x...'))).toBe(true);
});

test('all of it comes, page by page, or a part by time', async () => {
  await desk.change(({ tx }) =>
    sql`insert into system_audit (audit_id, at, actor_kind, actor_name, action, target, correlation_id, change)
      select gen_random_uuid(), '2020-01-01 00:00:00Z'::timestamptz + (n / 3) * interval '1 microsecond', 'operator', 'x', 'many.thing',
        n::text, 'gh', '{}' from generate_series(1, 3500) n`.execute(tx),
  );
  const targets = (messages: readonly ReadonlyMap<string, string>[]) =>
    new Set(messages.filter((one) => one.get('event') === 'many_thing').map((one) => one.get('target')));
  expect(targets(await report()).size).toBe(3_500);
  const part = await report('&start_date=2020-01-01&duration=1');
  expect([part.length, targets(part).size]).toEqual([3_500, 3_500]);
  expect(part[0]?.get('when')).toBe(String(Date.parse('2020-01-01T00:00:00Z') / 1_000));
});
