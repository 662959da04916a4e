import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Author } from '../objects/index.ts';
import { returnMachine, timeLimit } from './lent-machine.ts';
import { endSession } from './sessions.ts';
import { lockSession } from './store.ts';

/** Sessions in one look; more wait for the next. */
const mostAtOnce = 100;

/**
 * Ends sessions with the machine of a Jump Client whose time is over, and gives machines back that were lent for so long.
 * Several copies may do it at once.
 */
export const endOverdue = async (
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  by: Author,
): Promise<void> => {
  const now = clock.now();
  for (const { lsid } of await database.system((tx) => listOverdue(tx, now)))
    await database.system(async (tx) => {
      await lockSession(tx, lsid);
      const change = { tx, by, now };
      // Again: another copy may have been faster.
      for (const { isLent } of await listOverdue(tx, now, lsid))
        await (isLent ? returnMachine(change, { lsid, gsnumber: null }) : endSession(change, lsid, timeLimit));
    });
};

const listOverdue = async (tx: Sql, now: Date, lsid: string | null = null) => {
  const isMeant = sql`s.state <> 'ended' and (${lsid}::text is null or s.lsid = ${lsid}::text)`;
  const { rows } = await sql<{ lsid: string; isLent: boolean }>`
    select s.lsid, false as "isLent" from support_sessions s where s.machine_limit_at <= ${now} and ${isMeant}
    union all
    select s.lsid, true from support_machines m join support_sessions s on s.lsid = m.lsid
      where m.limit_at <= ${now} and ${isMeant}
    limit ${mostAtOnce}`.execute(tx);
  return rows;
};
