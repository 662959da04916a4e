import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Status } from '../api/support.ts';

/** A console that was silent for so long is gone. Its page speaks every thirty seconds. */
export const consoleSeconds = 90;

/** A representative who is signed in to the console. */
export interface SignedIn {
  readonly userId: number;
  /** Of the console that was opened first. */
  readonly clientId: string;
  readonly address: string;
  readonly username: string;
  readonly name: string;
  readonly status: Status;
  readonly since: Date;
  readonly sessions: number;
}

const seenAfter = (now: Date) => new Date(now.getTime() - consoleSeconds * 1_000);

export interface ConsoleBeat {
  readonly clientId: string;
  readonly userId: number;
  readonly address: string;
}

/** A console says that it is there, at whichever copy of the site. False: it was signed out, or is somebody else's. */
export const keepConsole = async (tx: Sql, { clientId, userId, address }: ConsoleBeat, now: Date): Promise<boolean> => {
  const { rows } = await sql`
    insert into support_consoles as c (client_id, user_id, address, opened_at, seen_at)
    values (${clientId}, ${userId}, ${address}, ${now}, ${now})
    on conflict (client_id) do update set seen_at = excluded.seen_at, address = excluded.address,
      opened_at = case when c.seen_at > ${seenAfter(now)} then c.opened_at else excluded.opened_at end
    where c.user_id = excluded.user_id and c.closed_at is null returning client_id`.execute(tx);
  return rows.length === 1;
};

export const forgetConsole = async (tx: Sql, userId: number, clientId: string): Promise<void> => {
  await sql`delete from support_consoles where client_id = ${clientId} and user_id = ${userId}
    and closed_at is null`.execute(tx);
};

/** Signs somebody out of every console that is open. False: there is none. */
export const closeConsoles = async (tx: Sql, userId: number, now: Date): Promise<boolean> => {
  const { rows } = await sql`update support_consoles set closed_at = ${now}
    where user_id = ${userId} and closed_at is null and seen_at > ${seenAfter(now)} returning client_id`.execute(tx);
  return rows.length > 0;
};

export const setStatus = async (tx: Sql, userId: number, status: Status, now: Date): Promise<void> => {
  await sql`insert into support_statuses as s (user_id, status, since) values (${userId}, ${status}, ${now})
    on conflict (user_id) do update set status = excluded.status,
      since = case when s.status = excluded.status then s.since else excluded.since end`.execute(tx);
};

/** By name; with a user, that one alone. */
export const listSignedIn = async (tx: Sql, now: Date, userId?: number): Promise<readonly SignedIn[]> => {
  const { rows } = await sql<SignedIn>`
    select u.id as "userId", c.client_id as "clientId", c.address, u.username, u.public_display_name as name,
      coalesce(s.status, 'available') as status, c.opened_at as since,
      (select count(distinct p.lsid)::int from support_participants p where p.user_id = u.id and p.left_at is null) as sessions
    from (select distinct on (user_id) * from support_consoles where closed_at is null and seen_at > ${seenAfter(now)}
      order by user_id, opened_at, client_id) c
    join site_users u on u.id = c.user_id left join support_statuses s on s.user_id = u.id
    where u.enabled and u.perm_support_allowed and (${userId ?? null}::int is null or u.id = ${userId ?? null}::int)
    order by lower(u.public_display_name), u.id limit 10000`.execute(tx);
  return rows;
};

/** What is long gone; signed-out ones are kept for as long as their page may still ask. */
export const sweepConsoles = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from support_consoles where seen_at < ${new Date(now.getTime() - 86_400_000)}`.execute(tx);
};
