import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import type { SiteUser } from '../testing/test-site.ts';

let desk: ReportDesk;
let admin: SiteUser;
beforeAll(async () => {
  desk = await openReportDesk();
  admin = await desk.person({ systemAdministrator: true });
});
afterAll(() => desk?.close());

const sessions = '/api/support-sessions';
const list = async (query: string) => (await ok(admin.get(`${sessions}?${query}`))).body;
const lsidsOf = (items: readonly { readonly lsid: string }[]) => items.map(({ lsid }) => lsid);
const audited = async (action: string) => {
  const { rows } = await sql<{ target: string; change: Record<string, unknown>; correlationId: string }>`
    select target, change, correlation_id as "correlationId" from system_audit where action = ${action}
    order by audit_id desc`.execute(desk.database.owner);
  return rows;
};

describe('the list of support sessions', () => {
  test('is searched by names, tickets, attributes and ids, and narrowed by time and state', async () => {
    const [first, second] = [await desk.session('Dora <Fox>'), await desk.session('Emil')];
    await ok(
      desk.anna.ask('PATCH', `/api/support/sessions/${second}/attributes`, {
        body: { attributes: { external_key: 'INC-100%', asset: 'blue laptop' } },
      }),
    );
    await desk.end(first);
    const between = desk.clock.now();
    desk.clock.move(3_600_000);
    const third = await desk.wait('team:1', 'Frida');
    for (const [query, expected] of [
      ['search=dora', [first]],
      ['search=anna', [second, first]],
      ['search=INC-100%25', [second]],
      ['search=%25', [second]],
      ['search=blue', [second]],
      [`search=${third.slice(0, 12)}`, [third]],
      ['search=nobody', []],
      ['live=true', [third, second]],
      [`from=${between.toISOString()}`, [third]],
      [`until=${between.toISOString()}`, [second, first]],
      [`until=${between.toISOString()}&live=true`, [second]],
    ] as const) {
      const { items, total } = await list(query);
      expect([query, lsidsOf(items), total]).toEqual([query, expected, { value: expected.length, exact: true }]);
    }
    const [found] = (await list('search=emil')).items;
    expect(found).toMatchObject({ customer: 'Emil', company: 'Acme', representatives: ['Anna & <Co>'], held: false });
    expect((await admin.get(`${sessions}?from=yesterday`)).body.errors).toMatchObject([{ field: 'from' }]);
  });

  test('comes as CSV and as JSON with everything that it matches, no cell is a formula, and the audit says who took it', async () => {
    await desk.wait('general', '=HYPERLINK("https://evil.example")');
    const { items, total } = await list('limit=2');
    expect(items).toHaveLength(2);
    const json = await ok(admin.get(`${sessions}/export.json`));
    expect(json.body).toHaveLength(total.value);
    expect(lsidsOf(json.body)).toEqual(lsidsOf((await list('limit=500')).items));
    const csv = await ok(admin.get(`${sessions}/export.csv?search=HYPERLINK`));
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="support-sessions.csv"');
    const [titles = '', line = '', ...rest] = csv.text.split('\r\n');
    expect([titles.split(',').slice(0, 3), rest]).toEqual([['lsid', 'customer', 'company'], ['']]);
    expect(line).toContain(`,"'=HYPERLINK(""https://evil.example"")",Acme,`);
    expect((await ok(admin.get(`${sessions}/export.json?search=nothing-like-it`))).body).toEqual([]);
    expect((await audited('support-session.export')).map(({ change }) => change)).toEqual([
      { format: 'json', query: { search: 'nothing-like-it', live: 'false' } },
      { format: 'csv', query: { search: 'HYPERLINK', live: 'false' } },
      { format: 'json', query: { search: '', live: 'false' } },
    ]);
  });
});

describe('what is kept of a session', () => {
  test('files and screens come whole, each of its own session and by its own way, and each look is in its audit trail', async () => {
    const [lsid, another] = [await desk.session(), await desk.session()];
    const [file, screen] = [await desk.blob(lsid, 'file', ['abc', 'def']), await desk.blob(lsid, 'screen', ['frames'])];
    const shown = (await ok(admin.get(`${sessions}/${lsid}`))).body;
    expect(shown.files).toMatchObject([
      { id: file, kind: 'file', bytes: 6, state: 'kept' },
      { id: screen, kind: 'screen', bytes: 6 },
    ]);
    const answer = await ok(admin.get(`${sessions}/${lsid}/files/${file}`));
    expect([answer.text, answer.headers.get('content-type')]).toEqual(['abcdef', 'application/octet-stream']);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename*=UTF-8''a%20%22b%22%20%3Cc%3E.txt`);
    expect((await ok(admin.get(`${sessions}/${lsid}/recordings/${screen}`))).text).toBe('frames');
    for (const path of [`${another}/files/${file}`, `${lsid}/files/${screen}`, `${lsid}/recordings/${file}`])
      expect([path, (await admin.get(`${sessions}/${path}`)).status]).toEqual([path, 404]);
    expect(await audited('support-file.open')).toMatchObject([
      { target: 'a "b" <c>.txt', change: { lsid, file, bytes: 6 }, correlationId: shown.correlationId },
    ]);
    expect(await audited('support-screen.open')).toHaveLength(1);
  });
});

describe('session keys', () => {
  test('say who made them for whom, are found by that, and open nothing once they are revoked', async () => {
    const { id, key } = await desk.key({ queue: `team:${desk.teams.printers}`, externalKey: 'INC-77' });
    const keys = async (query: string) => (await ok(admin.get(`/api/session-keys?${query}`))).body;
    const { items, total } = await keys('search=inc-77');
    expect(items).toMatchObject([{ id, queue: `team:${desk.teams.printers}`, queueName: 'Printers', uses: 0 }]);
    expect(total).toEqual({ value: 1, exact: true });
    expect((await keys('search=printers')).items).toHaveLength(1);
    expect((await keys('search=wires')).items).toEqual([]);
    expect(JSON.stringify(items)).not.toContain(key);
    await ok(admin.ask('DELETE', `/api/session-keys/${id}`));
    expect((await keys('search=inc-77')).items).toEqual([]);
    await expect(desk.redeem(key)).rejects.toThrow();
    expect((await admin.ask('DELETE', `/api/session-keys/${id}`)).status).toBe(404);
  });
});

test('one that goes on is ended by an administrator, who is named in the audit; one that is over stays as it is', async () => {
  const lsid = await desk.session('Gerda');
  expect((await desk.anna.post(`${sessions}/${lsid}/end`, {})).status).toBe(403);
  await ok(admin.post(`${sessions}/${lsid}/end`, {}));
  const { state, endReason } = (await ok(admin.get(`${sessions}/${lsid}`))).body;
  expect([state, endReason]).toEqual(['ended', 'ended_by_administrator']);
  const again = await admin.post(`${sessions}/${lsid}/end`, {});
  expect([again.status, again.body.detail]).toEqual([409, expect.any(String)]);
  expect((await admin.post(`${sessions}/${'0'.repeat(32)}/end`, {})).status).toBe(404);
});
