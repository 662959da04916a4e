import { createHash, randomUUID } from 'node:crypto';
import { testDatabase } from '@gatehouse/database/testing';
import { systemClock } from '@gatehouse/kernel';
import { ok } from '@gatehouse/server/testing';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations as all } from '../migrations.ts';
import { startRecording } from '../recordings/index.ts';
import { until } from '../testing/errands.ts';
import { type TestSite, testSite } from '../testing/test-site.ts';
import { migrations } from './migrations.ts';
import { getRetention } from './store.ts';
import { startSweep } from './sweep.ts';

let site: TestSite;
beforeAll(async () => {
  site = await testSite({ sweepMs: 50 });
});
afterAll(() => site?.close());

const dayMs = 86_400_000;
const asOwner = <T>(statement: RawBuilder<T>) => site.database.system((tx) => statement.execute(tx));
const keep = (days: object) =>
  ok(site.operator.ask('PUT', '/api/retention', { body: JSON.parse(JSON.stringify(days)) }));

/** A session as one leaves it that ended so many days ago; null: it goes on since then. */
const session = async (days: number, { isOpen = false, format = 'asciicast', text = 'what was seen' } = {}) => {
  const id = randomUUID();
  const at = new Date(site.clock.now().getTime() - days * dayMs);
  const { processId } = site.site.sessions.parts;
  await asOwner(sql`
    insert into sessions (session_id, correlation_id, process_id, state, user_id, username, person_name, item_type, item_id,
      item_name, hostname, reason, ticket, requested_at, opened_at, ended_at, ending, rules)
    values (${id}, ${`gh-${id}`}, ${processId}, ${isOpen ? 'open' : 'ended'}, 1, 'bea', 'Bea', 'shell-jump', 1, 'web-1', 'web-1',
      'a disk', '', ${at}, ${at}, ${isOpen ? null : at}, ${isOpen ? null : 'left'},
      '{"upload":true,"download":true,"clipboard":true,"idleMinutes":null}')`);
  const parts = { database: site.database, clock: systemClock, sealer: site.site.server.sealer };
  const kind = format === 'desktop' ? ('desktop' as const) : ('asciicast' as const);
  const writer = await startRecording(parts, { sessionId: id, format: kind, flushMs: 10 }, () => undefined);
  await writer.write(text);
  await writer.flush();
  if (!isOpen) await writer.end();
  return id;
};
const shown = async (id: string) => (await site.operator.get(`/api/sessions/${id}`)).body;
const audited = async (id: string, action: string) => {
  const { body } = await ok(site.operator.get(`/api/audit?search=${id}&limit=100`));
  return body.items.filter((one: { action: string }) => one.action === action);
};

test('recordings go after the days of their kind, sessions after theirs, each with its size and digest in the audit', async () => {
  // Several parts, and more of them than are deleted at once.
  const long = `${randomUUID().repeat(30_000)}\n`;
  await keep({ shellDays: 40, desktopDays: 80, sessionDays: 120 });
  const shell = await session(39, { text: long.repeat(20) });
  const desktop = await session(39, { format: 'desktop' });
  const open = await session(39, { isOpen: true });
  const { rows } = await asOwner(sql<{ content: Buffer }>`
    select content from recording_chunks where session_id = ${shell} order by seq`);
  expect(rows.length).toBeGreaterThan(16);
  const stored = Buffer.concat(rows.map(({ content }) => content));
  expect((await shown(shell)).recording).toBe('kept');

  site.clock.move(2 * dayMs);
  await until(async () => (await shown(shell)).recording === 'removed');
  const [proof] = await audited(shell, 'recording.remove');
  expect(proof).toMatchObject({
    ...{ actor: 'Gatehouse Site', correlationId: `gh-${shell}`, target: 'web-1' },
    change: {
      ...{ session: shell, person: 'bea', format: 'asciicast', bytes: stored.length, chunks: rows.length },
      ...{ bytesSeen: long.length * 20, sha256: createHash('sha256').update(stored).digest('hex') },
    },
  });
  expect((await shown(desktop)).recording).toBe('kept');
  expect((await site.operator.get(`/api/sessions/${shell}/recording`)).status).toBe(404);

  site.clock.move(40 * dayMs);
  await until(async () => (await shown(desktop)).recording === 'removed');
  const row = (
    await asOwner(sql<{ row: string }>`
    select to_jsonb(s)::text as row from sessions s where session_id = ${shell}`)
  ).rows[0]?.row;
  site.clock.move(40 * dayMs);
  await until(async () => (await site.operator.get(`/api/sessions/${shell}`)).status === 404);
  const [end] = await audited(shell, 'session.remove');
  expect(end.change.sha256).toBe(
    createHash('sha256')
      .update(row ?? '')
      .digest('hex'),
  );
  await until(async () => (await site.operator.get(`/api/sessions/${desktop}`)).status === 404);
  // Far older than anything is kept, and still going on.
  expect(await shown(open)).toMatchObject({ state: 'open', recording: 'running' });
  expect(await audited(open, 'recording.remove')).toEqual([]);
  const left = await asOwner(sql<{ n: number }>`
    select count(*)::int as n from recording_chunks where session_id in (${shell}, ${desktop})`);
  expect(left.rows[0]?.n).toBe(0);
});

test('what an administrator keeps stays until they say otherwise, and both are in the audit with the reason', async () => {
  await keep({ shellDays: 30, desktopDays: 30, sessionDays: 30 });
  const [held, other] = [await session(29), await session(29)];
  const admin = await site.person({ systemAdministrator: true });
  const path = `/api/sessions/${held}/hold`;
  expect((await ok(admin.get(path))).body).toEqual({ hold: null });
  expect((await admin.ask('PUT', path, { body: { reason: '  ' } })).body.errors).toMatchObject([{ field: 'reason' }]);
  await ok(admin.ask('PUT', path, { body: { reason: 'Case 12' } }));
  expect((await admin.ask('PUT', path, { body: { reason: 'again' } })).status).toBe(409);
  site.clock.move(3 * dayMs);
  await until(async () => (await admin.get(`/api/sessions/${other}`)).status === 404);
  expect((await ok(admin.get(`/api/sessions/${held}`))).body.recording).toBe('kept');
  expect((await ok(admin.get('/api/retention/due?shellDays=30&desktopDays=30&sessionDays=30'))).body).toMatchObject({
    ...{ recordings: 0, sessions: 0, held: 1 },
  });
  expect((await ok(admin.get(path))).body.hold).toMatchObject({ by: 'Ada Keller', reason: 'Case 12' });
  await ok(admin.ask('DELETE', path));
  await until(async () => (await admin.get(`/api/sessions/${held}`)).status === 404);
  const { body } = await ok(admin.get('/api/audit?search=session.hold'));
  expect(body.items.map(({ action, change }: { action: string; change: object }) => [action, change])).toEqual([
    ['session.hold-end', { session: held, by: 'Ada Keller', reason: 'Case 12' }],
    ['session.hold', { session: held, reason: 'Case 12' }],
  ]);
  expect((await admin.ask('DELETE', path)).status).toBe(404);
});

test('a retention has bounds, says what it would remove, and is an administrator’s alone', async () => {
  await keep({ shellDays: 300, desktopDays: 300, sessionDays: 300 });
  await session(100, { text: 'x'.repeat(1_000) });
  await session(200);
  await session(250, { isOpen: true });
  const due = async (shellDays: number, sessionDays: number) =>
    (await ok(site.operator.get(`/api/retention/due?shellDays=${shellDays}&desktopDays=30&sessionDays=${sessionDays}`)))
      .body;
  const support = { sessions: 0, chats: 0, recordings: 0, files: 0, held: 0, bytes: 0 };
  expect(await due(90, 150)).toEqual({ recordings: 2, bytes: 1_013, sessions: 1, held: 0, support });
  expect(await due(210, 210)).toEqual({ recordings: 0, bytes: 0, sessions: 0, held: 0, support });
  const refused = async (body: object) => {
    const answer = await site.operator.ask('PUT', '/api/retention', { body: JSON.parse(JSON.stringify(body)) });
    return [answer.status, answer.body.errors.map(({ field }: { field: string }) => field)];
  };
  const usual = { shellDays: 90, desktopDays: 90, sessionDays: 90 };
  expect(await refused({ ...usual, shellDays: 0 })).toEqual([400, ['shellDays']]);
  expect(await refused({ ...usual, desktopDays: 3_651, sessionDays: 3_651 })).toEqual([
    400,
    ['desktopDays', 'sessionDays'],
  ]);
  expect(await refused({ ...usual, sessionDays: 89 })).toEqual([400, ['sessionDays']]);
  expect((await ok(site.operator.get('/api/retention'))).body.sessionDays).toBe(300);
  const person = await site.person();
  for (const path of ['/api/retention', '/api/retention/due?shellDays=1&desktopDays=1&sessionDays=1'])
    expect((await person.get(path)).status).toBe(403);
  const path = `/api/sessions/${randomUUID()}/hold`;
  expect((await person.ask('PUT', path, { body: { reason: 'mine' } })).status).toBe(403);
  expect((await site.operator.get(path)).status).toBe(404);
});

test('a site begins with ninety days, unless it has older sessions already: nobody has said that those may go', async () => {
  // Of its own: a site that runs has tables in use, and would wait for what waits for it.
  await using quiet = await testDatabase({ migrations: all });
  const daysOf = (endedDays: number) =>
    quiet.database
      .system(async (tx) => {
        await sql`drop table session_retention; drop index sessions_ended; delete from sessions;
          alter table sessions drop column recording_removed_at, drop column hold_by, drop column hold_at,
            drop column hold_reason;
          drop function support_events_go_as_said cascade; alter table support_sessions drop column chat_removed_at,
            drop column recordings_removed_at, drop column files_removed_at, drop column hold_by, drop column hold_at,
            drop column hold_reason;
          delete from support_sessions;`.execute(tx);
        await sql`
          insert into sessions (session_id, correlation_id, process_id, state, user_id, username, person_name, item_type,
            item_id, item_name, hostname, reason, ticket, requested_at, ended_at, ending, rules)
          values (gen_random_uuid(), 'gh', gen_random_uuid(), 'ended', 1, 'bea', 'Bea', 'shell-jump', 1, 'web-1', 'web-1', '', '',
            now(), now() - ${endedDays} * interval '1 day', 'left', '{}')`.execute(tx);
        await sql`insert into support_sessions (lsid, correlation_id, state, queue, priority, began_at, ended_at, end_reason)
          values (md5('x'), 'gh', 'ended', 'general', 2, now(), now() - ${endedDays} * interval '1 day', 'done')`.execute(
          tx,
        );
        for (const migration of migrations) await sql.raw(migration.sql).execute(tx);
        throw new Undone(await getRetention(tx));
      })
      .catch((error: unknown) => (error instanceof Undone ? error.found : Promise.reject(error)));
  const everyKind = (days: number) => ({
    ...{ shellDays: days, desktopDays: days, sessionDays: days, supportChatDays: days, supportRecordingDays: days },
    ...{ supportFileDays: days, supportSessionDays: days },
  });
  expect(await daysOf(89)).toEqual(everyKind(90));
  expect(await daysOf(91)).toEqual(everyKind(3_650));
});

/** Takes what was found out of a transaction that is not to be kept. */
class Undone extends Error {
  readonly found: unknown;
  constructor(found: unknown) {
    super('undone');
    this.found = found;
  }
}

test('copies of a site share the work, and nothing is removed twice', async () => {
  await keep({ shellDays: 3_650, desktopDays: 3_650, sessionDays: 3_650 });
  const ids: string[] = [];
  for (let n = 0; n < 30; n++) ids.push(await session(20));
  const { database, clock } = site;
  const { log, processId } = site.site.sessions.parts;
  const sweeps = [1, 2].map(() => startSweep({ database, clock, log, processId, everyMs: 20 }));
  await keep({ shellDays: 10, desktopDays: 10, sessionDays: 10 });
  const isGone = async () => {
    const { rows } = await asOwner(sql<{ n: number }>`
      select count(*)::int as n from sessions where session_id = any(${ids}::uuid[])`);
    return rows[0]?.n === 0;
  };
  await until(isGone);
  await Promise.all(sweeps.map((sweep) => sweep.close()));
  const { rows } = await asOwner(sql<{ action: string; n: number; sessions: number }>`
    select action, count(*)::int as n, count(distinct change->>'session')::int as sessions from system_audit
    where change->>'session' = any(${ids}) group by action order by action`);
  expect(rows).toEqual([
    { action: 'recording.remove', n: 30, sessions: 30 },
    { action: 'session.remove', n: 30, sessions: 30 },
  ]);
});
