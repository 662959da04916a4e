import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SiteUser, type TestSite, testSite } from '../testing/test-site.ts';

let site: TestSite;
let admin: SiteUser;
let person: SiteUser;
beforeAll(async () => {
  site = await testSite();
  [admin, person] = [await site.person({ systemAdministrator: true }), await site.person()];
  // More than two batches of an export, and far more than a page: every third is this person's, every tenth is live.
  await site.database.system((tx) =>
    sql`insert into sessions (session_id, correlation_id, process_id, state, user_id, username, person_name, item_type,
        item_id, item_name, hostname, reason, ticket, requested_at, ended_at, ending, rules)
      select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'gh-' || n, ${site.site.sessions.parts.processId},
        case when n % 10 = 0 then 'open' else 'ended' end, case when n % 3 = 0 then ${person.userId} else 0 end, 'bea',
        'Bea', 'shell-jump', 1, 'web-' || n, 'web.acme.example',
        case n when 7 then '=HYPERLINK("https://evil.example")' when 8 then E'two\\nlines, "quoted"' else 'routine' end,
        case n when 9 then '@SUM(1)' else '' end, now(), case when n % 10 = 0 then null else now() end,
        case when n % 10 = 0 then null else 'left' end,
        '{"upload":true,"download":true,"clipboard":true,"idleMinutes":null}'
      from generate_series(1, 1203) n`.execute(tx),
  );
});
afterAll(() => site?.close());

const titles = 'id,correlationId,endpoint,hostname,protocol,jumpGroup,username,name,joinedBy,account,credential,reason';
const read = async (who: SiteUser, path: string) => {
  const { text, headers } = await ok(who.get(path));
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toContain('sessions.csv');
  const [first = '', ...lines] = text.split('\r\n');
  expect(first).toMatch(titles);
  expect(lines.pop()).toBe('');
  return lines;
};
const endpoints = (lines: readonly string[]) => lines.map((line) => line.split(',')[2]);

test('an export has every session that the list matches, newest first, and not one page of it', async () => {
  const all = await read(admin, '/api/sessions/export.csv');
  expect(endpoints(all)).toEqual(Array.from({ length: 1_203 }, (_, n) => `web-${1_203 - n}`));
  const live = await read(admin, '/api/sessions/export.csv?live=true&search=web-1');
  const expected = Array.from({ length: 1_203 }, (_, n) => 1_203 - n).filter(
    (n) => n % 10 === 0 && `${n}`.startsWith('1'),
  );
  expect(endpoints(live)).toEqual(expected.map((n) => `web-${n}`));
  const { total } = (await ok(admin.get('/api/sessions?live=true&search=web-1'))).body;
  expect(live).toHaveLength(total.value);
  await ok(
    admin.ask('PUT', '/api/sessions/00000000-0000-7000-8000-000000000005/hold', { body: { reason: 'Case 12' } }),
  );
  expect(endpoints(await read(admin, '/api/sessions/export.csv?held=true'))).toEqual(['web-5']);
  const { body } = await ok(admin.get('/api/audit?search=session.export'));
  expect(body.items[1].change).toEqual({ query: { search: 'web-1', live: true, held: null } });
});

test('no cell is a formula, and what has commas, quotes and lines in it stays one cell', async () => {
  const { text } = await ok(admin.get('/api/sessions/export.csv'));
  expect(text).toContain(`,"'=HYPERLINK(""https://evil.example"")",`);
  expect(text).toContain(`,'@SUM(1),`);
  expect(text).toContain(`,"two\nlines, ""quoted""",`);
  expect(text).not.toMatch(/(^|,)"?[=@]/m);
});

test('a person exports their own sessions and nobody else’s', async () => {
  const own = await read(person, '/api/console/sessions/export.csv');
  expect(endpoints(own)).toEqual(Array.from({ length: 401 }, (_, n) => `web-${1_203 - n * 3}`));
  expect((await person.get('/api/sessions/export.csv')).status).toBe(403);
  for (const path of ['/api/sessions/export.csv', '/api/console/sessions/export.csv'])
    expect((await person.get(path, { headers: { cookie: undefined } })).status).toBe(401);
});
