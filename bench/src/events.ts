import { setTimeout as pause } from 'node:timers/promises';
import { type Database, type Embedded, openDatabase } from '@gatehouse/database';
import { connectBuiltin, openAppliance, openSender } from '@gatehouse/desk/testing';
import { ok } from '@gatehouse/server/testing';
import { type RawBuilder, sql } from 'kysely';
import { type Figure, percentile } from './figure.ts';
import { type Program, startProgram } from './programs.ts';

/** Appliances that tell of their ends at once: each sends the next only after the last was taken. */
const senders = 8;
/** So long nothing may be written before it is called stuck. */
const stuckMs = 60_000;

/**
 * The ends of so many support sessions come in one burst, from several senders at once, while the desk reads what is
 * reported of each and writes it into a case of its own desk. The desk is a process as it is installed; the appliance,
 * which shares no code with the site, and whoever measures are here, so that what they need of the machine is in it too.
 */
export const measureEvents = async (
  server: Embedded,
  scratch: string,
  plan: { readonly events: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  await using desk = await startProgram('desk', server, scratch);
  const database = await openDatabase({ url: desk.databaseUrl, migrations: [], poolSize: 2 });
  const appliance = await openAppliance();
  try {
    const { eventsUrl } = await connectBuiltin(desk, { url: appliance.url, ...appliance.account });
    const numbers = await makeCases(desk, plan.events);
    say(`events: ${numbers.length} cases are there`);
    const ended = numbers.map((externalKey) => {
      const session = appliance.begin({ externalKey, said: [{ by: 'customer', text: 'It beeps' }] });
      appliance.end(session);
      return appliance.event('end', session);
    });
    const all = Array.from({ length: senders }, () => openSender(eventsUrl));
    const begun = performance.now();
    for (const [at, event] of ended.entries()) all[at % senders]?.tell(event);
    await Promise.all(all.map((one) => one.drained()));
    const acknowledged = performance.now() - begun;
    const atOnce = await written(database);
    await Promise.all(all.map((one) => one.stop()));
    const answers = all.flatMap((one) => one.answers);
    await untilWritten(database, plan.events, (count) => say(`events: only ${count} written`));
    const whole = performance.now() - begun;
    const once = await writtenOnce(database);
    const times = answers.map(({ ms }) => ms);
    say(
      `events: acknowledged in ${Math.round(acknowledged)} ms (median ${percentile(times, 0.5).toFixed(1)}, p99 ` +
        `${percentile(times, 0.99).toFixed(1)}, most ${Math.max(...times).toFixed(1)} ms), ${atOnce} written by then, all ` +
        `after ${Math.round(whole / 1_000)} s`,
    );
    const name = `${plan.events} session ends in a burst`;
    return [
      {
        ...{ name: `${name}, p99 until acknowledged`, ours: percentile(times, 0.99), unit: 'ms' },
        floor: null,
        limit: 100,
      },
      {
        ...{ name: `${name}, not taken at once`, ours: answers.filter(({ status }) => status !== 200).length },
        ...{ unit: 'of them', floor: null, limit: 0 },
      },
      {
        ...{ name: `${name}, not written exactly once`, ours: plan.events - once, unit: 'of them' },
        floor: null,
        limit: 0,
      },
    ];
  } finally {
    await database.close();
    await appliance.close();
  }
};

const makeCases = async ({ operator }: Program, count: number): Promise<readonly string[]> => {
  const numbers: string[] = [];
  const makeSome = async () => {
    while (numbers.length < count) {
      const { body } = await ok(operator.post('/api/cases', { subject: 'It beeps' }));
      numbers.push(body.number);
    }
  };
  await Promise.all(Array.from({ length: 4 }, makeSome));
  return numbers.slice(0, count);
};

const counted = async (database: Database, of: RawBuilder<unknown>): Promise<number> =>
  (await sql<{ count: number }>`select count(*)::int as count from (${of}) counted`.execute(database.owner)).rows[0]
    ?.count ?? 0;
const written = (database: Database) => counted(database, sql`select from case_notes where session is not null`);
/** Sessions of which one note stands, in the case whose number they had, and whose case knows them once. */
const writtenOnce = (database: Database) =>
  counted(
    database,
    sql`select n.session from case_notes n join case_values v on v.case_id = n.case_id and v.value = n.session
      join desk_sessions s on s.lsid = n.session join cases c on c.case_id = n.case_id and c.number = s.external_key
      group by n.session having count(*) = 1`,
  );

const untilWritten = async (database: Database, all: number, say: (written: number) => void): Promise<void> => {
  let [before, since] = [-1, performance.now()];
  for (let now = await written(database); now < all; now = await written(database)) {
    if (now > before) [before, since] = [now, performance.now()];
    if (performance.now() - since > stuckMs) return say(now);
    await pause(500);
  }
};
