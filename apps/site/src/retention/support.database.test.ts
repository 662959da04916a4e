import { createHash } from 'node:crypto';
import { ok } from '@gatehouse/server/testing';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openReportDesk, type ReportDesk } from '../reporting/testing/report-desk.ts';
import { until } from '../testing/errands.ts';
import { startSweep } from './sweep.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk({ sweepMs: 50 });
});
afterAll(() => desk?.close());

const dayMs = 86_400_000;
const asOwner = <T>(statement: RawBuilder<T>) => desk.database.system((tx) => statement.execute(tx));
const keep = (days: object) =>
  ok(desk.operator.ask('PUT', '/api/retention', { body: JSON.parse(JSON.stringify(days)) }));
const all = (days: number) => ({
  ...{ supportChatDays: days, supportRecordingDays: days, supportFileDays: days, supportSessionDays: days },
});
const sha256 = (...parts: readonly (string | Buffer)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const audited = async (lsid: string) => {
  const { rows } = await asOwner(sql<{ action: string; target: string; change: Record<string, unknown> }>`
    select action, target, change from system_audit where action like 'support-%.remove' and change ->> 'lsid' = ${lsid}
    order by audit_id`);
  return rows;
};
const shown = async (lsid: string) => (await desk.operator.get(`/api/support-sessions/${lsid}`)).body;
const isGone = async (lsid: string) => (await desk.operator.get(`/api/support-sessions/${lsid}`)).status === 404;

/** A session with words, a note, a file and a screen; one that has ended, unless it goes on. */
const session = async (isOpen = false) => {
  const lsid = await desk.session();
  const [file, screen] = [await desk.blob(lsid, 'file', ['abc', 'def']), await desk.blob(lsid, 'screen', ['frames'])];
  await desk.add(
    lsid,
    { type: 'chat_message', performedBy: 1, body: { text: 'my password is x' } },
    { type: 'note_added', performedBy: 2, body: { text: 'a note' } },
    { type: 'chat_message', performedBy: 2, body: { text: 'Hello' } },
    { type: 'file_sent', performedBy: 1, body: { file, name: 'a', size: 6 } },
  );
  if (!isOpen) await desk.end(lsid);
  return { lsid, file, screen };
};

test('each kind goes after its days with a digest in the audit, and what stays of the session fits together', async () => {
  await keep({ supportFileDays: 10, supportRecordingDays: 20, supportChatDays: 30, supportSessionDays: 40 });
  const { lsid, file, screen } = await session();
  const open = await session(true);
  const stored = async (id: string) =>
    (
      await asOwner(
        sql<{ content: Buffer }>`select content from support_blob_chunks where blob_id = ${id} order by seq`,
      )
    ).rows.map(({ content }) => content);
  const [fileParts, screenParts] = [await stored(file), await stored(screen)];
  const chat = await asOwner(sql<{ row: string }>`select to_jsonb(e)::text as row from support_events e
    where lsid = ${lsid} and type = 'chat_message' order by seq`);

  desk.clock.move(11 * dayMs);
  await until(async () => (await audited(lsid)).length === 1);
  expect(await audited(lsid)).toMatchObject([
    {
      ...{ action: 'support-file.remove', target: 'Carol' },
      change: {
        id: file,
        chunks: 2,
        bytesSeen: 6,
        bytes: Buffer.concat(fileParts).length,
        sha256: sha256(...fileParts),
      },
    },
  ]);
  desk.clock.move(10 * dayMs);
  await until(async () => (await audited(lsid)).length === 2);
  expect((await audited(lsid))[1]).toMatchObject({
    action: 'support-recording.remove',
    change: { id: screen, sha256: sha256(...screenParts) },
  });
  desk.clock.move(10 * dayMs);
  await until(async () => (await audited(lsid)).length === 3);
  expect((await audited(lsid))[2]).toMatchObject({
    action: 'support-chat.remove',
    change: { messages: 2, sha256: sha256(...chat.rows.map(({ row }) => row)) },
  });
  const left = await shown(lsid);
  expect(left.events.map(({ type }: { type: string }) => type)).toEqual([
    ...['begun', 'member_added', 'member_added', 'owner_changed', 'note_added', 'file_sent', 'ended'],
  ]);
  // The reports of it lead nowhere that is not there any more.
  const fresh = await desk.program({ perm_configuration: false, perm_reporting_support: true });
  const report = (await fresh.get(`/api/reporting?generate_report=SupportSession&lsid=${lsid}`)).text;
  expect(report).toContain('<external_key>');
  expect(report).not.toContain('download');

  const rows = async (table: string, order: string) =>
    (
      await asOwner(sql<{ row: string }>`select to_jsonb(t)::text as row from ${sql.table(table)} t where lsid = ${lsid}
        order by ${sql.raw(order)}`)
    ).rows.map(({ row }) => row);
  const everything = [
    ...(await rows('support_participants', 'gsnumber')),
    ...(await rows('support_events', 'seq')),
    ...(await rows('support_sessions', 'lseq')),
  ];
  desk.clock.move(10 * dayMs);
  await until(() => isGone(lsid));
  expect((await audited(lsid))[3]).toMatchObject({
    action: 'support-session.remove',
    change: { bytes: Buffer.byteLength(everything.join('')), sha256: sha256(...everything) },
  });
  // Older than anything is kept, and it goes on still.
  expect((await shown(open.lsid)).events.length).toBeGreaterThan(6);
  expect(await audited(open.lsid)).toEqual([]);
  await desk.end(open.lsid);
});

test('nobody takes anything out of what happened, but words of a session that has ended', async () => {
  await keep(all(3_650));
  const [over, live] = [await session(), await session(true)];
  const remove = (lsid: string, type: string) =>
    asOwner(sql`delete from support_events where lsid = ${lsid} and type = ${type}`);
  await expect(remove(over.lsid, 'note_added')).rejects.toThrow();
  await expect(remove(over.lsid, 'member_added')).rejects.toThrow();
  await expect(remove(live.lsid, 'chat_message')).rejects.toThrow();
  await remove(over.lsid, 'chat_message');
  expect((await shown(live.lsid)).events.filter(({ type }: { type: string }) => type === 'chat_message')).toHaveLength(
    2,
  );
  await desk.end(live.lsid);
});

test('what a retention would remove is told before it is saved, and it must keep a session as long as what belongs to it', async () => {
  await keep(all(3_650));
  await session();
  desk.clock.move(50 * dayMs);
  const due = async (query: string) => (await ok(desk.operator.get(`/api/retention/due?${query}`))).body.support;
  const before = await due('');
  expect(before).toEqual({ sessions: 0, chats: 0, recordings: 0, files: 0, bytes: 0, held: 0 });
  const chats = await due('supportChatDays=40');
  expect(chats).toMatchObject({ sessions: 0, recordings: 0, files: 0 });
  expect(chats.chats).toBeGreaterThanOrEqual(1);
  const everything = await due(
    new URLSearchParams(Object.entries(all(40)).map(([name, value]) => [name, String(value)])).toString(),
  );
  expect(everything.sessions).toBeGreaterThanOrEqual(1);
  expect(everything.bytes).toBeGreaterThanOrEqual(12);
  const refused = await desk.operator.ask('PUT', '/api/retention', { body: { supportSessionDays: 10 } });
  expect([refused.status, refused.body.errors.map(({ field }: { field: string }) => field)]).toEqual([
    400,
    ['supportSessionDays'],
  ]);
  // What is not named stays.
  await keep({ shellDays: 80 });
  expect((await ok(desk.operator.get('/api/retention'))).body).toMatchObject({ shellDays: 80, ...all(3_650) });
});

test('what somebody holds stays whole whatever the retention says, until they let it go, and both are in the audit', async () => {
  await keep(all(3_650));
  const [held, other] = [await session(), await session()];
  const path = `/api/support-sessions/${held.lsid}/hold`;
  const put = (reason: string) => desk.operator.ask('PUT', path, { body: { reason } });
  expect((await ok(desk.operator.get(path))).body).toEqual({ hold: null });
  expect((await put(' ')).status).toBe(400);
  await ok(put('Case 12'));
  expect((await put('Case 13')).status).toBe(409);
  expect((await ok(desk.operator.get(path.replace(held.lsid, held.lsid.toUpperCase())))).body.hold).toMatchObject({
    reason: 'Case 12',
  });
  const listed = await ok(desk.operator.get('/api/support-sessions?held=true'));
  expect(listed.body.items.map(({ lsid }: { lsid: string }) => lsid)).toEqual([held.lsid]);

  desk.clock.move(50 * dayMs);
  const days = new URLSearchParams(Object.entries(all(40)).map(([name, value]) => [name, String(value)]));
  expect((await ok(desk.operator.get(`/api/retention/due?${days}`))).body.support.held).toBe(1);
  await keep(all(40));
  await until(() => isGone(other.lsid));
  expect((await shown(held.lsid)).events.map(({ type }: { type: string }) => type)).toContain('chat_message');
  expect((await shown(held.lsid)).files).toHaveLength(2);
  expect(await audited(held.lsid)).toEqual([]);

  await ok(desk.operator.ask('DELETE', path));
  await until(() => isGone(held.lsid));
  expect((await desk.operator.ask('DELETE', path)).status).toBe(404);
  const { rows } = await asOwner(sql<{ action: string; target: string }>`
    select action, target from system_audit where action like 'support-session.hold%' order by audit_id`);
  expect(rows).toEqual([
    { action: 'support-session.hold', target: 'Carol' },
    { action: 'support-session.hold-end', target: 'Carol' },
  ]);
});

test('copies of a site share the work, and nothing is removed twice', async () => {
  await keep(all(3_650));
  const lsids: string[] = [];
  for (let n = 0; n < 12; n++) lsids.push((await session()).lsid);
  desk.clock.move(20 * dayMs);
  const { database, clock } = desk;
  const { log, processId } = desk.site.sessions.parts;
  const sweeps = [1, 2].map(() => startSweep({ database, clock, log, processId, everyMs: 20 }));
  await keep(all(10));
  await until(async () => {
    const { rows } = await asOwner(sql<{ n: number }>`
      select count(*)::int as n from support_sessions where lsid = any(${lsids}::text[])`);
    return rows[0]?.n === 0;
  });
  await Promise.all(sweeps.map((sweep) => sweep.close()));
  const { rows } = await asOwner(sql<{ action: string; n: number; sessions: number }>`
    select action, count(*)::int as n, count(distinct change ->> 'lsid')::int as sessions from system_audit
    where change ->> 'lsid' = any(${lsids}) and action like '%.remove' group by action order by action`);
  expect(rows).toEqual(
    ['chat', 'file', 'recording', 'session'].map((kind) => ({ action: `support-${kind}.remove`, n: 12, sessions: 12 })),
  );
  const left = await asOwner(sql<{ n: number }>`
    select (select count(*) from support_blob_chunks c join support_blobs b using (blob_id) where b.lsid = any(${lsids}::text[]))::int
      + (select count(*) from support_events where lsid = any(${lsids}::text[]))::int as n`);
  expect(left.rows[0]?.n).toBe(0);
});
