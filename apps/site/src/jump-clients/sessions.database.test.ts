import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import { until } from '../testing/errands.ts';
import { isOnline, type JumpClientProgram, pinned } from '../testing/jump-client-program.ts';
import { headersOf } from '../testing/page-socket.ts';
import type { SiteUser } from '../testing/test-site.ts';
import { openShellPage } from './testing/shell-page.ts';

let desk: ReportDesk;
let group: number;
let folder: string;
let client: JumpClientProgram & { readonly id: number };
let [rex, eve]: SiteUser[] = [];

const add = async (path: string, body: Json): Promise<number> => (await ok(desk.operator.post(path, body))).body.id;
/** Somebody who helps, and reaches the group. */
const helper = async (): Promise<SiteUser> => {
  const user = await desk.representative({
    ...{ perm_support_allowed: true, perm_jump_client: true, perm_end_support_sessions: true },
  });
  await add(`/api/jump-groups/${group}/users`, { user_id: user.userId, jump_item_role_id: 2 });
  return user;
};
const of = (person: SiteUser | undefined): SiteUser => {
  if (person === undefined) throw new Error('nobody is there yet');
  return person;
};
const start = (person: SiteUser | undefined, id = client.id) =>
  of(person).post(`/api/console/jump-clients/${id}/sessions`, {});
const started = async (person: SiteUser | undefined): Promise<string> => (await ok(start(person))).body.lsid;
const leave = (person: SiteUser | undefined, lsid: string) =>
  of(person).post(`/api/support/sessions/${lsid}/leave`, {});

beforeAll(async () => {
  desk = await openReportDesk({ jumpPace: { roundMs: 200, openMs: 5_000, minuteMs: 200 }, sweepMs: 50 });
  group = await add('/api/jump-groups', { name: 'Desks' });
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-jump-files-'));
  client = await pinned(desk, { name: 'Front desk', jump_group_id: group }, '--files-folder', folder);
  [rex, eve] = [await helper(), await desk.representative({ perm_support_allowed: true, perm_jump_client: true })];
});
afterAll(async () => {
  await client?.close();
  await desk?.close();
});

const openShell = (person: SiteUser | undefined, lsid: string) => openShellPage(of(person), lsid);

describe('a session with a Jump Client', () => {
  test('begins with the machine as its customer, and whoever began it in it', async () => {
    const lsid = await started(rex);
    const { body } = await ok(of(rex).get(`/api/support/sessions/${lsid}`));
    expect(body).toMatchObject({ state: 'active', customer: 'Front desk', jumpClientId: client.id });
    expect(body.participants).toMatchObject([
      {
        kind: 'customer',
        name: 'Front desk',
        hostname: expect.stringMatching(/./),
        operatingSystem: expect.stringMatching(/./),
      },
      { kind: 'representative', userId: rex?.userId },
    ]);
    expect((await ok(desk.operator.get(`/api/jump-clients/${client.id}`))).body.last_access_timestamp).toBeTruthy();
    await ok(leave(rex, lsid));
    const over = (await ok(of(rex).get(`/api/support/sessions/${lsid}`))).body;
    expect([over.state, over.endReason]).toEqual(['ended', 'ended_by_representative']);
  });

  test('what is typed runs on the machine, and what is shown is recorded and can be played again', async () => {
    const lsid = await started(rex);
    const page = await openShell(rex, lsid);
    await until(() => page.heard.some(({ type }) => type === 'open'));
    page.type('echo $((6*7))-$COLUMNS-here; stty size\n');
    await page.shows('42-');
    await page.shows('20 90');
    page.socket.send(JSON.stringify({ type: 'resize', columns: 70, rows: 30 }));
    page.type('stty size\n');
    await page.shows('30 70');
    page.type('exit\n');
    await page.closed;
    expect(page.reason()).toBe('The shell ended.');
    const { items } = (await ok(of(rex).get(`/api/support/sessions/${lsid}/machine/shells`))).body;
    const recording = `/api/support/sessions/${lsid}/machine/shells/${items[0].id}/recording`;
    const [head = '', ...events] = (await ok(of(rex).get(recording))).text.trim().split('\n');
    expect(JSON.parse(head)).toMatchObject({ version: 2, width: 90, height: 20, title: 'Front desk' });
    const seen = events.map((line) => JSON.parse(line));
    expect(seen.flatMap(([, code, text]) => (code === 'o' ? [text] : [])).join('')).toContain('30 70');
    expect(seen).toContainEqual([expect.any(Number), 'r', '70x30']);
    // What is typed is not, unless the session policy says so.
    expect(seen.some(([, code]) => code === 'i')).toBe(false);
    expect((await of(eve).get(recording)).status).toBe(404);
    await ok(leave(rex, lsid));
    expect((await ok(of(rex).get(recording))).text).toContain('30 70');
  });

  test('a shell ends with its session, with its page and with the lock, and each says why', async () => {
    const lsid = await started(rex);
    const page = await openShell(rex, lsid);
    await page.begun();
    page.type('sleep 1000 & echo pid-$!-\n');
    await page.shows('pid-');
    await ok(leave(rex, lsid));
    await page.closed;
    expect(page.reason()).toBe('You are not in this session any more.');
    const second = await started(rex);
    const other = await openShell(rex, second);
    await until(() => other.heard.length > 0);
    const lock = (is_locked: boolean) =>
      ok(desk.operator.ask('PATCH', `/api/jump-clients/${client.id}`, { body: { is_locked } }));
    await lock(true);
    await other.closed;
    expect(other.reason()).toBe('This Jump Client is locked at the site.');
    expect((await start(rex)).body.detail).toContain('is locked');
    await lock(false);
    await client.kill('SIGTERM');
    await isOnline(desk, client.id, client, 'offline');
    const answer = await start(rex);
    expect([answer.status, answer.body.detail]).toEqual([
      409,
      expect.stringContaining('"gatehouse jump-client status"'),
    ]);
    const files = await of(rex).get(`/api/support/sessions/${second}/machine/files`);
    expect([files.status >= 500, files.body.detail]).toEqual([true, expect.stringContaining('is not connected')]);
    client.start();
    await isOnline(desk, client.id, client);
    await ok(leave(rex, second));
  });

  test('a shell in which nothing is done ends after the minutes of the session policy', async () => {
    const at = '/api/session-policies/1/rules';
    const usual = (await ok(desk.operator.get(at))).body;
    const change = (rules: object) => ok(desk.operator.ask('PUT', at, { body: { ...usual, ...rules } }));
    await change({ idleMinutes: 5 });
    const lsid = await started(rex);
    const page = await openShell(rex, lsid);
    await page.closed;
    expect(page.reason()).toBe('Nothing was done in it for too long.');
    await ok(leave(rex, lsid));
    await change({});
  });

  test('files are listed, fetched and put whole, within the session policy', async () => {
    const lsid = await started(rex);
    const at = `/api/support/sessions/${lsid}/machine/files`;
    const content = 'x'.repeat(300_000);
    await writeFile(join(folder, 'a note.txt'), content);
    expect((await ok(of(rex).get(`${at}?path=`))).body).toMatchObject({
      ...{ path: folder, truncated: false, entries: [{ name: 'a note.txt', kind: 'file', bytes: 300_000 }] },
    });
    const query = (name: string) => new URLSearchParams({ path: join(folder, name) });
    expect((await ok(of(rex).get(`${at}/content?${query('a note.txt')}`))).text).toBe(content);
    const put = (name: string, body: string, more = '') =>
      fetch(`${desk.url}${at}/content?${query(name)}${more}`, {
        ...{ method: 'PUT', body, headers: { ...headersOf(of(rex)), 'content-type': 'application/octet-stream' } },
      });
    expect((await put('put.bin', content)).status).toBe(204);
    expect(await readFile(join(folder, 'put.bin'), 'utf8')).toBe(content);
    const again = await put('put.bin', 'other');
    expect([again.status, await again.text()]).toEqual([
      expect.any(Number),
      expect.stringContaining('is there already'),
    ]);
    expect(await readFile(join(folder, 'put.bin'), 'utf8')).toBe(content);
    expect((await put('put.bin', 'other', '&replace=true')).status).toBe(204);
    expect(await readFile(join(folder, 'put.bin'), 'utf8')).toBe('other');
    const outside = await of(rex).get(`${at}/content?path=/etc/hostname`);
    expect([outside.status, outside.body.detail]).toEqual([
      expect.any(Number),
      expect.stringContaining('lies outside of'),
    ]);
    await ok(
      desk.operator.ask('PUT', '/api/session-policies/1/rules', {
        body: { ...(await desk.operator.get('/api/session-policies/1/rules')).body, download: false },
      }),
    );
    expect((await of(rex).get(`${at}/content?${query('a note.txt')}`)).status).toBe(403);
    await ok(
      desk.operator.ask('PUT', '/api/session-policies/1/rules', {
        body: { ...(await desk.operator.get('/api/session-policies/1/rules')).body, download: true },
      }),
    );
    await ok(leave(rex, lsid));
  });

  test('the report names the machine, its shells with links to what was seen, and files', async () => {
    const lsid = await started(rex);
    const page = await openShell(rex, lsid);
    await page.begun();
    page.type('echo re""ported; exit\n');
    await page.closed;
    await ok(of(rex).get(`/api/support/sessions/${lsid}/machine/files/content?path=${join(folder, 'a note.txt')}`));
    await ok(leave(rex, lsid));
    const { content } = await desk.report('SupportSession', { lsid });
    // biome-ignore lint/suspicious/noExplicitAny: what a report holds.
    const [session] = content.session as any[];
    expect(session.customer_list.customer).toMatchObject(
      [{ username: 'Front desk', hostname: /./, os: /./ }].map((one) => ({
        ...one,
        hostname: expect.stringMatching(/./),
        os: expect.stringMatching(/./),
      })),
    );
    const types = session.session_details.event.map((event: { '@event_type': string }) => event['@event_type']);
    expect(types).toEqual(expect.arrayContaining(['Command Shell Started', 'Command Shell Ended', 'File Download']));
    const link = new URL(session.command_shell_recordings.command_shell_recording[0].download_url);
    expect(await (await fetch(new URL(`${link.pathname}${link.search}`, desk.url))).text()).toContain('reported');
  });

  test('what was seen goes with the retention, and says so in the audit', async () => {
    const lsid = await started(rex);
    const page = await openShell(rex, lsid);
    await page.begun();
    page.type('exit\n');
    await page.closed;
    await ok(leave(rex, lsid));
    const days = { supportChatDays: 90, supportRecordingDays: 10, supportFileDays: 90, supportSessionDays: 90 };
    await ok(desk.operator.ask('PUT', '/api/retention', { body: days }));
    const shells = async () =>
      (await ok(of(rex).get(`/api/support/sessions/${lsid}/machine/shells`))).body.items.length;
    expect(await shells()).toBe(1);
    await desk.database.system((tx) =>
      sql`update support_sessions set ended_at = ended_at - interval '11 days' where lsid = ${lsid}`.execute(tx),
    );
    await until(async () => (await shells()) === 0);
    const { rows } = await desk.database.system((tx) =>
      sql`select from system_audit where action = 'support-recording.remove' and change ->> 'lsid' = ${lsid}`.execute(
        tx,
      ),
    );
    expect(rows).toHaveLength(1);
  });
});

describe('who may', () => {
  test('to somebody whom no Jump Group leads there it is not there, nor is a session of others', async () => {
    expect((await start(eve)).status).toBe(404);
    const lsid = await started(rex);
    const at = `/api/support/sessions/${lsid}/machine`;
    for (const path of [at, `${at}/files`, `${at}/files/content?path=/x`, `${at}/shells`])
      expect([path, (await of(eve).get(path)).status]).toEqual([path, 404]);
    expect(await (await openShell(eve, lsid)).refused).toBe(404);
    await ok(leave(rex, lsid));
    expect(await (await openShell(rex, lsid)).refused).toBe(404);
    // Looked at, it is still there to whoever was in it.
    expect([(await of(rex).get(at)).status, (await of(rex).get(`${at}/files`)).status]).toEqual([200, 404]);
  });

  test('one at a time is one at a time', async () => {
    const policy = await add('/api/jump-policies', { display_name: 'Strict', simultaneous_jumps: 'disallow' });
    const change = (path: string, body: Json) => ok(desk.operator.ask('PATCH', path, { body }));
    await change(`/api/jump-clients/${client.id}`, { jump_policy_id: policy });
    const lsid = await started(rex);
    const bea = await helper();
    expect((await start(bea)).body.detail).toContain('one at a time');
    await ok(leave(rex, lsid));
    await ok(leave(bea, await started(bea)));
    await change(`/api/jump-clients/${client.id}`, { jump_policy_id: null });
  });
});
