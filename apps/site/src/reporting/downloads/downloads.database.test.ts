import { audit } from '@gatehouse/server';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../testing/report-desk.ts';
import { openLinks } from './links.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

const hostile = '</dd><script>alert(1)</script>\n2026-01-01 00:00:00  Anna:\n\u001b[31m <img src=x onerror=alert(1)>';
const get = async (address: string) => {
  const { pathname, search } = new URL(address, desk.url);
  // Nobody is signed in here.
  const response = await fetch(new URL(`${pathname}${search}`, desk.url), { redirect: 'manual' });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
};
const linksOf = async (lsid: string) => (await desk.report('SupportSession', { lsid })).content.session[0];
const opened = async (lsid: string) =>
  (await ok(desk.operator.get(`/api/audit?search=report-link.open&limit=100`))).body.items.filter(
    (one: { change: { lsid: string } }) => one.change.lsid === lsid,
  );

test('a chat is looked at as a page without a script, and kept as text; both opens are in the audit', async () => {
  const lsid = await desk.session('<Carol>\nAnna');
  await desk.add(
    lsid,
    { type: 'chat_message', performedBy: 1, body: { text: hostile } },
    { type: 'chat_message', performedBy: null, body: { text: 'Hi', by: 'API account <X>' } },
    { type: 'note_added', performedBy: 2, body: { text: 'a note for colleagues' } },
  );
  const { session_chat_view_url: view, session_chat_download_url: download } = await linksOf(lsid);
  const form = `^${desk.url}/session_download\\?lsid=l%3D${lsid}%3Bh%3D[0-9a-f]{40}%3Bt%3Dsd%3Bm%3Dchat&expires=\\d+&dl_action=chat`;
  expect(download).toMatch(new RegExp(`${form}$`));
  expect(view).toBe(`${download}&view=1`);
  const page = await get(view);
  const html = page.bytes.toString();
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('content-security-policy')).not.toContain('script-src');
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(html).not.toMatch(/<script|<img|\son\w+="|style=/);
  expect(html).toContain('&lt;/dd&gt;&lt;script&gt;alert(1)&lt;/script&gt;<br>');
  expect(html).toContain('API account &lt;X&gt;');
  expect(html).not.toContain('a note for colleagues');
  const file = await get(download);
  const text = file.bytes.toString();
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="${lsid}-chat.txt"`);
  expect(file.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text).not.toContain('\u001b');
  // Nobody can write a line that looks like somebody else's.
  expect(text.match(/^\d{4}-\d\d-\d\d /gm)).toHaveLength(2);
  expect(await opened(lsid)).toMatchObject([
    { actor: 'Whoever has the link', change: { lsid, kind: 'chat', address: '127.0.0.1' } },
    { change: { lsid, kind: 'chat' } },
  ]);
});

test('a link opens what it was made for and nothing else, for a day, whatever is changed in it', async () => {
  const [one, two] = [await desk.session(), await desk.session()];
  const { session_chat_download_url: link } = await linksOf(one);
  const expires = Number(new URL(link).searchParams.get('expires'));
  const mac = /h%3D([0-9a-f]{40})/.exec(link)?.[1] ?? '';
  for (const changed of [
    link.replace(one, two),
    link.replace(mac, 'a'.repeat(40)),
    link.replace(mac, mac.slice(1)),
    link.replace(mac, ''),
    link.replace('m%3Dchat', 'm%3Dfile'),
    link.replace('m%3Dchat', 'm%3DtoString'),
    link.replace(String(expires), String(expires + 1)),
    link.replace(/&expires=\d+/, ''),
    `${link}&id=0198c7a0-0000-7000-8000-000000000000`,
    link.replace(/\?.*/, ''),
    `${link}&lsid=x`,
  ])
    expect([changed, (await get(changed)).status]).toEqual([changed, 404]);
  expect(await opened(one)).toEqual([]);
  const left = expires * 1_000 - desk.clock.now().getTime();
  expect(left).toBeGreaterThan(22 * 3_600_000);
  expect(left).toBeLessThanOrEqual(24 * 3_600_000);
  const links = await openLinks(desk.database, desk.site.server.sealer);
  const thing = { lsid: one, kind: 'chat', id: '' } as const;
  // Every copy of the site has the same secret, and the database alone does not tell it.
  expect(links.isValid(thing, expires, mac, new Date(expires * 1_000 - 1))).toBe(true);
  expect(links.isValid(thing, expires, mac, new Date(expires * 1_000))).toBe(false);
  const { rows } = await desk.change(({ tx }) =>
    sql<{ sealed: string }>`select sealed from download_secret`.execute(tx),
  );
  expect(rows).toEqual([{ sealed: expect.stringMatching(/^gh1\./) }]);
});

test('a file comes whole or not at all, and never as what somebody said that it is', async () => {
  const lsid = await desk.session();
  const parts = ['<html>', 'x'.repeat(100_000), '</html>'];
  const [file, broken, screen] = [
    await desk.blob(lsid, 'file', parts),
    await desk.blob(lsid, 'file', ['half'], 'broken'),
    await desk.blob(lsid, 'screen', ['frame 1', 'frame 2'], 'broken'),
  ];
  for (const id of [file, broken])
    await desk.add(lsid, { type: 'file_sent', performedBy: 1, body: { file: id, name: 'a', size: 1 } });
  const session = await linksOf(lsid);
  const links: readonly string[] = session.session_details.event
    .filter((one: { '@event_type': string }) => one['@event_type'] === 'File Upload')
    .map((one: { data: { value: { '@value': string }[] } }) => one.data.value.at(-1)?.['@value']);
  const found = await get(links[0] ?? '');
  expect([found.status, found.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
  expect(found.headers.get('content-disposition')).toBe('attachment; filename="a_b_c_.txt"');
  expect(found.bytes.toString()).toBe(parts.join(''));
  expect((await get(links[1] ?? '')).status).toBe(404);
  expect((await get(session.session_recording_download_url)).bytes.toString()).toBe('frame 1frame 2');
  const recording = await desk.reporter.get(`/api/reporting?generate_report=SupportSessionRecording&lsid=${lsid}`);
  expect(recording.text).toBe('frame 1frame 2');
  expect((await ok(desk.operator.get('/api/audit?search=report-recording.open'))).body.items).toMatchObject([
    { change: { lsid, kind: 'screen', id: screen } },
  ]);
  // A part that is missing, or not the right one, breaks the connection: what came before is never taken for all.
  for (const spoil of [
    sql`update support_blob_chunks set seq = 7 where blob_id = ${file} and seq = 2`,
    sql`update support_blob_chunks set content = content || '\\x00' where blob_id = ${file} and seq = 1`,
  ]) {
    await desk.change(({ tx }) => spoil.execute(tx));
    await expect(get(links[0] ?? '')).rejects.toThrow();
  }
});

test('a file keeps its name in every script, without what would show it as another', async () => {
  const lsid = await desk.session();
  const file = await desk.blob(lsid, 'file', ['x']);
  await desk.add(lsid, { type: 'file_sent', performedBy: 1, body: { file, name: 'a', size: 1 } });
  const link = (await linksOf(lsid)).session_details.event.at(-1).data.value.at(-1)['@value'];
  const name = `Отчёт\u202ecod "1"; /é\u0301 報告.pdf`;
  await desk.change(({ tx }) => sql`update support_blobs set name = ${name} where blob_id = ${file}`.execute(tx));
  const { headers } = await get(link);
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="_cod_1_.pdf"; filename*=UTF-8''${encodeURIComponent('Отчёт_cod_1_é\u0301_報告.pdf')}`,
  );
});

test('an audit entry is there for each report of the syslog', async () => {
  await desk.change(({ tx, by }) => audit(tx, by, { action: 'x.y', target: 'z' }));
  await desk.reporter.get('/api/reporting?generate_report=Syslog');
  const { body } = await ok(desk.operator.get('/api/audit?search=syslog-report.generate'));
  expect(body.items).toHaveLength(1);
});
