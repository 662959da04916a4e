import { type Database, type Embedded, openDatabase } from '@gatehouse/database';
import { sql } from 'kysely';
import { type Figure, median } from './figure.ts';
import { forgetPeak, mebibytes, memoryOf } from './process-memory.ts';
import { type SiteProcess, startSiteWorker } from './site-process.ts';

const eventsEach = 6;
/** Together several times as many sessions as all; fewer where they are short, because a program may ask so often only. */
const manyTenths = (sessions: number) => Math.min(60, Math.ceil(sessions / 100));

/**
 * (c) A program asks a site for everything about so many support sessions, each with two participants and six events, and
 * takes it as it comes, against PostgreSQL's own `copy … to stdout` of the rows that it is made of. The document is looked
 * at: it has to hold every session, and end.
 *
 * Memory is what the process of the site has in it: the most it was in the first report of all, less the most it was in
 * many of a tenth of them, which leave more behind that has to be collected. What is left is what grows with the number of
 * sessions, and not with how Node makes its heap larger and smaller.
 */
export const measureReporting = async (
  server: Embedded,
  scratch: string,
  plan: { readonly sessions: number; readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using site = await startSiteWorker(server, scratch, 'reporting');
  const database = await openDatabase({ url: await server.database('bench_reporting'), migrations: [], poolSize: 2 });
  try {
    await fill(database, plan.sessions);
    const token = await site.reportToken();
    const lately = await startOfTenth(database, plan.sessions);
    const tenths = await peak(site, async () => {
      for (let time = 0; time < manyTenths(plan.sessions); time += 1) await report(site, token, lately);
    });
    const whole = await peak(site, () => report(site, token, 0, plan.sessions));
    const growth = Math.max(0, whole - tenths);
    say(`reporting: memory ${mebibytes(tenths)} in reports of a tenth, ${mebibytes(whole)} in one of all`);
    const rounds: { ours: number; floor: number }[] = [];
    for (let round = 1; round <= plan.rounds; round++) {
      const ours = await timed(() => report(site, token, 0, plan.sessions));
      const floor = await timed(() => copy(database));
      say(
        `reporting: round ${round}: ${Math.round(ours.ms)} ms for ${mebibytes(ours.bytes / 1_024)}, ` +
          `copy ${Math.round(floor.ms)} ms for ${mebibytes(floor.bytes / 1_024)}`,
      );
      rounds.push({ ours: ours.ms, floor: floor.ms });
    }
    const name = `${plan.sessions} support sessions as a report`;
    return [
      {
        ...{ name, ours: median(rounds.map(({ ours }) => ours)), unit: 'ms', limit: null },
        floor: { name: 'copy to stdout', value: median(rounds.map(({ floor }) => floor)), atMost: 25 },
      },
      {
        ...{ name: `${name}, memory beyond that of a tenth of them`, ours: growth / 1_024, unit: 'MiB' },
        ...{ floor: null, limit: 64 },
      },
    ];
  } finally {
    await database.close();
  }
};

const timed = async (work: () => Promise<number>): Promise<{ readonly ms: number; readonly bytes: number }> => {
  const began = performance.now();
  const bytes = await work();
  return { ms: performance.now() - began, bytes };
};

/** The most that the process had in memory meanwhile, in KiB. */
const peak = async ({ pid }: SiteProcess, work: () => Promise<unknown>): Promise<number> => {
  forgetPeak(pid);
  await work();
  return memoryOf(pid).most;
};

/** Since when a tenth of the sessions began, in Unix seconds. */
const startOfTenth = async (database: Database, sessions: number): Promise<number> => {
  const { rows } = await sql<{ since: number }>`
    select floor(extract(epoch from began_at))::int as since from support_sessions
    order by began_at desc offset ${Math.floor(sessions / 10)} limit 1`.execute(database.owner);
  return rows[0]?.since ?? 0;
};

/** Of sessions that began since then, in Unix seconds. @throws Error where it has not as many as it must, or breaks off */
const report = async (site: SiteProcess, token: string, since: number, expected?: number): Promise<number> => {
  const answer = await fetch(new URL('/api/reporting', site.url), {
    ...{ method: 'POST', headers: { authorization: `Bearer ${token}` } },
    body: new URLSearchParams({ generate_report: 'SupportSession', start_time: String(since), duration: '0' }),
  });
  let [bytes, found] = [0, 0];
  let rest = '';
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    const text = rest + Buffer.from(part).toString('latin1');
    found += text.split('</session>').length - 1;
    // A part of the tag may come later, and a whole one is not counted twice.
    rest = text.slice(-('</session>'.length - 1));
  }
  if (found !== (expected ?? found) || !rest.endsWith('\n'))
    throw new Error(`The report has ${found} of ${expected ?? 'some'} sessions.`);
  return bytes;
};

const copy = (database: Database): Promise<number> =>
  database.bulk(async (bulk) => {
    let bytes = 0;
    for (const table of ['support_sessions', 'support_participants', 'support_events'])
      for await (const part of bulk.copyOut(`copy (select * from ${table}) to stdout`)) bytes += part.length;
    return bytes;
  });

const fill = async (database: Database, sessions: number): Promise<void> => {
  await database.system(async (tx) => {
    await sql`insert into support_sessions (lsid, correlation_id, state, queue, priority, external_key, began_at, ended_at,
        end_reason, last_event, last_gsnumber)
      select md5(n::text), 'x', 'ended', 'general', 2, 'T' || n, now() - n * interval '1 second', now(), 'done', ${eventsEach}, 2
      from generate_series(1, ${sessions}) n`.execute(tx);
    await sql`insert into support_participants (lsid, gsnumber, client_id, kind, user_id, username, name, company, issue,
        hostname, operating_system, address, joined_at, left_at)
      select md5(n::text), g, md5(n || ' ' || g), case g when 1 then 'customer' else 'representative' end,
        case g when 1 then null else 1 end, 'sarcher', 'Sterling & <Archer>', 'Acme', 'It beeps', 'pc1', 'Windows 11',
        '192.0.2.9', now() - n * interval '1 second', now()
      from generate_series(1, ${sessions}) n, generate_series(1, 2) g`.execute(tx);
    await sql`insert into support_events (lsid, seq, at, type, performed_by, body)
      select md5(n::text), e, now(), 'chat_message', 1 + e % 2, jsonb_build_object('text', 'Words & more of them. ' || repeat('x', 60))
      from generate_series(1, ${sessions}) n, generate_series(1, ${eventsEach}) e`.execute(tx);
  });
  await sql`analyze support_sessions, support_participants, support_events`.execute(database.owner);
};
