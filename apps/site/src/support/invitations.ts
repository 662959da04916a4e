import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { Refusal } from '../objects/index.ts';
import { tellConsoles } from './events.ts';
import { type Change, inSession } from './in-session.ts';
import { findRights, type Rights } from './rights.ts';
import { joinSession } from './sessions.ts';
import { listSessionsWhere, type SupportSession } from './store.ts';
import { requireIn } from './words.ts';

/** Somebody else may join. Who is in the session invites. Null: there is no such session. @throws Refusal */
export const invite = (change: Change, lsid: string, who: Rights, userId: number): Promise<SupportSession | null> =>
  inSession(change, lsid, 'change', { invited: userId }, async (session, here) => {
    requireIn(here, who);
    const invited = await findRights(change.tx, userId);
    if (invited === null || !invited.maySupport) throw new Refusal([], 'This person may not provide support.');
    if (here.some((one) => one.userId === userId)) throw new Refusal([], `${invited.name} is in the session already.`);
    await sql`insert into support_invitations (lsid, user_id, invited_by, at)
      values (${session.lsid}, ${userId}, ${who.name}, ${change.now}) on conflict do nothing`.execute(change.tx);
    await tellConsoles(change.tx, session.lsid);
  });

export const isInvited = async (tx: Sql, lsid: string, userId: number): Promise<boolean> => {
  const { rows } = await sql`select from support_invitations where lsid = ${lsid} and user_id = ${userId}`.execute(tx);
  return rows.length > 0;
};

/** An invitation is good for one time. @throws Refusal */
export const joinInvited = async (
  change: Change,
  who: Rights,
  { lsid }: SupportSession,
): Promise<SupportSession | null> => {
  const { rows } =
    await sql`delete from support_invitations where lsid = ${lsid} and user_id = ${who.userId} returning lsid`.execute(
      change.tx,
    );
  if (rows.length === 0) throw new Refusal([], 'You are in this session already.');
  return joinSession(change, lsid, who);
};

export const listInvited = (tx: Sql, userId: number): Promise<readonly SupportSession[]> =>
  listSessionsWhere(
    tx,
    sql`s.state <> 'ended' and exists (select from support_invitations i where i.lsid = s.lsid and i.user_id = ${userId})`,
  );
