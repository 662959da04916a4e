import type { Database, Sql } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Author } from '../objects/index.ts';
import { endLostBlobs } from './blobs/store.ts';
import { sweepConsoles } from './consoles.ts';
import { sweepKeys } from './keys/make-key.ts';
import { forgetSignals } from './live/signals.ts';
import type { NewRepresentative } from './participants.ts';
import { customerLeaves, listLost, lostMs } from './portal/customers.ts';
import { leaveSession, transferSession } from './sessions.ts';

/** A representative without a console for so long has left their sessions. */
export const goneSeconds = 600;

/** Sessions in one look; more wait for the next. */
const mostAtOnce = 100;

/**
 * What nobody does: forgets what is no longer valid, and gives customers back to the queue whom nobody can help any more.
 * `since`: this copy hears of pages since then. Before, the site may have been away, and nobody is gone who had no time to come
 * back.
 */
export const sweepSupport = async (
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  by: Author,
  since: Date,
): Promise<void> => {
  await database.system(async (tx) => {
    await sweepKeys(tx, clock.now());
    await sweepConsoles(tx, clock.now());
    await forgetSignals(tx, clock.now());
    await endLostBlobs(tx, clock.now());
  });
  const now = clock.now();
  const heardMs = now.getTime() - since.getTime();
  const gone = heardMs < goneSeconds * 1_000 ? [] : await database.system((tx) => listGone(tx, now));
  for (const { lsid, ...who } of gone)
    await database.system(async (tx) => {
      // Another copy may have been faster, or they came back.
      if ((await listGone(tx, now, lsid, who.userId)).length > 0) await leaveSession({ tx, by, now }, lsid, who);
    });
  const lost = heardMs < lostMs ? [] : await database.system((tx) => listLost(tx, now));
  for (const { lsid } of lost)
    await database.system(async (tx) => {
      for (const one of await listLost(tx, now, lsid)) await customerLeaves({ tx, by, now }, one, 'customer_lost');
    });
  for (const lsid of await database.system((tx) => listStranded(tx)))
    await database.system(async (tx) => {
      if ((await listStranded(tx, lsid)).length > 0) await transferSession({ tx, by, now }, lsid, { type: 'general' });
    });
};

/** Representatives in sessions whose consoles are gone. With a session it is held until the end of the transaction. */
const listGone = async (
  tx: Sql,
  now: Date,
  lsid: string | null = null,
  userId: number | null = null,
): Promise<readonly (NewRepresentative & { readonly lsid: string })[]> => {
  if (lsid !== null) await sql`select from support_sessions where lsid = ${lsid} for update`.execute(tx);
  const since = new Date(now.getTime() - goneSeconds * 1_000);
  const { rows } = await sql<NewRepresentative & { lsid: string }>`
    select p.lsid, p.user_id as "userId", p.username, p.name from support_participants p
    join support_sessions s on s.lsid = p.lsid and s.state <> 'ended'
    where p.kind = 'representative' and p.left_at is null and p.joined_at < ${since}
      and (${lsid}::text is null or (p.lsid = ${lsid}::text and p.user_id = ${userId}::int))
      and not exists (select from support_consoles c
        where c.user_id = p.user_id and c.closed_at is null and c.seen_at > ${since})
    order by p.joined_at limit ${mostAtOnce}`.execute(tx);
  return rows;
};

/** Sessions that wait for a user who is gone, or may not provide support any more. */
const listStranded = async (tx: Sql, lsid: string | null = null): Promise<readonly string[]> => {
  if (lsid !== null) await sql`select from support_sessions where lsid = ${lsid} for update`.execute(tx);
  const { rows } = await sql<{ lsid: string }>`
    select s.lsid from support_sessions s
    where s.state = 'waiting' and s.queue = 'rep' and (${lsid}::text is null or s.lsid = ${lsid}::text)
      and not exists (select from site_users u where u.id = s.queue_id and u.enabled and u.perm_support_allowed)
    order by s.lseq limit ${mostAtOnce}`.execute(tx);
  return rows.map((row) => row.lsid);
};
