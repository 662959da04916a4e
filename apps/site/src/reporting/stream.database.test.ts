import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { toDocument } from './stream.ts';
import { openReportDesk, type ReportDesk } from './testing/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk?.close());

const many = 100_000;
const longAgo = new Date('2020-01-01T00:00:00Z');
/** So many sessions that have ended, each with a customer and two events. */
const fill = () =>
  desk.change(async ({ tx }) => {
    await sql`insert into support_sessions (lsid, correlation_id, state, queue, priority, began_at, ended_at, end_reason,
        last_event, last_gsnumber)
      select md5(n::text), 'x', 'ended', 'general', 2, ${longAgo}::timestamptz + n * interval '1 second',
        ${longAgo}::timestamptz + n * interval '1 second' + interval '1 hour', 'done', 2, 1
      from generate_series(1, ${many}) n`.execute(tx);
    await sql`insert into support_participants (lsid, gsnumber, client_id, kind, user_id, username, name, joined_at, left_at)
      select md5(n::text), 1, md5('c' || n), 'customer', null, '', 'Name <&>', ${longAgo}, ${longAgo}
      from generate_series(1, ${many}) n`.execute(tx);
    await sql`insert into support_events (lsid, seq, at, type, performed_by, body)
      select md5(n::text), e, ${longAgo}, 'note_added', 1, jsonb_build_object('text', repeat('words & more ', 20))
      from generate_series(1, ${many}) n, generate_series(1, 2) e`.execute(tx);
  });

test('a report of a hundred thousand sessions needs the memory of a page, and is made no faster than it is taken', {
  timeout: 300_000,
}, async () => {
  await fill();
  // As a database does by itself, a little later.
  await sql`analyze support_sessions, support_participants, support_events`.execute(desk.database.owner);
  // In a thread of its own, which ends where it needs more.
  const reading = new Worker(new URL('testing/report-process.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: 80, maxYoungGenerationSizeMb: 16 },
    workerData: { url: desk.test.url, migrations },
  });
  const [{ sessions, bytes, mostAhead }] = await once(reading, 'message');
  expect(sessions).toBe(many);
  expect(bytes).toBeGreaterThan(150_000_000);
  expect(mostAhead).toBeLessThan(200);
});

test('a report that breaks in the middle ends its connection, and has no end that closes its root', async () => {
  await desk.change(({ tx }) =>
    // What nothing here writes, as a damaged disk would.
    sql`update support_sessions set attributes = '{"asset": 5}' where lsid = md5('3000')`.execute(tx),
  );
  desk.clock.move(1_000);
  const asked = fetch(new URL('/api/reporting?generate_report=SupportSession&start_time=0&duration=0', desk.url), {
    headers: { authorization: `Bearer ${desk.reporter.token}` },
  });
  let text = '';
  const read = async () => {
    const { body } = await asked;
    for await (const part of body ?? []) text = (text + Buffer.from(part).toString('latin1')).slice(-100_000);
  };
  await expect(read()).rejects.toThrow();
  expect(text).toContain('<session ');
  expect(text).not.toContain('</session_list>');
  // The same at the very beginning is an answer that nobody takes for a report.
  const lsid = (await desk.change(({ tx }) => sql<{ lsid: string }>`select md5('3000') as lsid`.execute(tx))).rows[0]
    ?.lsid;
  const answer = await desk.reporter.get(`/api/reporting?generate_report=SupportSession&lsid=${lsid}`);
  expect([answer.status, answer.body]).toEqual([500, { message: expect.any(String) }]);
});

test('rows are taken one by one, and whoever takes them no more lets them go', async () => {
  let made = 0;
  let isLeft = false;
  const rows = async function* () {
    try {
      for (; made < 1_000; made++) yield 'x'.repeat(10_000);
    } finally {
      isLeft = true;
    }
  };
  const document = await toDocument({ root: 'r', rows: rows(), nothing: 'nothing' }, 'urn:x');
  if (!('bytes' in document)) throw new Error('this is a document');
  await once(document.bytes, 'readable');
  document.bytes.read();
  expect(made).toBeLessThan(50);
  document.bytes.destroy();
  await once(document.bytes, 'close');
  await expect.poll(() => isLeft).toBe(true);
});
