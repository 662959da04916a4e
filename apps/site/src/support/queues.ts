import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { usualPriority } from '../api/support.ts';
import { findIssue } from '../issues/index.ts';
import { Refusal } from '../objects/index.ts';
import { consoleSeconds } from './consoles.ts';

/** Where a customer waits: for anybody, for one representative, or for a team. */
export type Queue =
  | { readonly type: 'general' }
  | { readonly type: 'rep'; readonly id: number }
  | { readonly type: 'team'; readonly id: number };

/** How somebody names a queue. */
export type Wanted =
  | Queue
  | { readonly type: 'rep_username'; readonly username: string }
  | { readonly type: 'issue'; readonly codeName: string };

/** A queue that is there, and what chose it. */
export interface Destination {
  readonly queue: Queue;
  /** The code name of the support issue that led to it. */
  readonly issue: string | null;
  readonly priority: number;
}

const refused = (message: string) => new Refusal([{ field: 'queue_id', message }]);

/** `general`, `rep:7`, `team:3`, `rep_username:anna` or `issue:printer`. @throws Refusal that names what is wrong */
export const parseQueue = (text: string): Wanted => {
  if (text === 'general') return { type: 'general' };
  const [, type = '', name = ''] = /^([a-z_]{1,20}):(.{1,255})$/su.exec(text) ?? [];
  if (type === 'rep_username') return { type, username: name };
  if (type === 'issue') return { type, codeName: name };
  if ((type === 'rep' || type === 'team') && /^[1-9]\d{0,8}$/.test(name)) return { type, id: Number(name) };
  // Embassies, which older programs name, are not here.
  throw refused(
    `“${text.slice(0, 100)}” is no queue. Write general, rep:<id>, team:<id>, rep_username:<name> or issue:<code name>.`,
  );
};

/**
 * The queue that is meant. A team is held until the end of the transaction, so that it is not deleted while a session
 * goes there. @throws Refusal that names what is not there, or not clear
 */
export const findQueue = async (tx: Sql, wanted: Wanted): Promise<Destination> => {
  switch (wanted.type) {
    case 'general':
      return { queue: wanted, issue: null, priority: usualPriority };
    case 'team':
      await holdTeam(tx, wanted.id);
      return { queue: wanted, issue: null, priority: usualPriority };
    case 'rep':
      await requireRepresentative(tx, sql`u.id = ${wanted.id}`, String(wanted.id), 'id');
      return { queue: wanted, issue: null, priority: usualPriority };
    case 'rep_username': {
      const { username } = wanted;
      const isNamed = sql`(lower(u.username) = lower(${username}) or lower(u.sign_in_name) = lower(${username}))`;
      const id = await requireRepresentative(tx, isNamed, username, 'user name');
      return { queue: { type: 'rep', id }, issue: null, priority: usualPriority };
    }
    case 'issue': {
      const issue = await findIssue(tx, wanted.codeName);
      if (issue === null) throw refused(`There is no support issue “${wanted.codeName.slice(0, 100)}”.`);
      const { teamId, codeName, priority } = issue;
      if (teamId !== null) await holdTeam(tx, teamId);
      return { queue: teamId === null ? { type: 'general' } : { type: 'team', id: teamId }, issue: codeName, priority };
    }
  }
};

const holdTeam = async (tx: Sql, id: number): Promise<void> => {
  const { rows } = await sql`select from teams where id = ${id} for share`.execute(tx);
  if (rows.length === 0) throw refused(`There is no team with the id ${id}.`);
};

const requireRepresentative = async (tx: Sql, isMeant: ReturnType<typeof sql>, name: string, what: string) => {
  const { rows } = await sql<{ id: number; maySupport: boolean }>`
    select u.id, u.perm_support_allowed and u.enabled as "maySupport" from site_users u where ${isMeant} limit 2`.execute(
    tx,
  );
  const shown = name.slice(0, 100);
  const [found, another] = rows;
  if (another !== undefined) throw refused(`More than one representative has the ${what} “${shown}”.`);
  if (found === undefined) throw refused(`There is no representative with the ${what} “${shown}”.`);
  if (!found.maySupport) throw refused(`The user with the ${what} “${shown}” may not provide support.`);
  return found.id;
};

/** Whether somebody is there who may take from it, or it stays open without. */
export const isQueueAvailable = async (tx: Sql, queue: Queue, now: Date): Promise<boolean> => {
  const seenAfter = new Date(now.getTime() - consoleSeconds * 1_000);
  const takes =
    queue.type === 'general'
      ? sql`u.perm_accept_general_sessions`
      : queue.type === 'rep'
        ? sql`u.id = ${queue.id}`
        : sql`u.perm_accept_team_sessions and exists (
            select from team_members m where m.team_id = ${queue.id} and m.user_id = u.id)`;
  const { rows } = await sql<{ available: boolean }>`
    select exists (select from support_consoles c join site_users u on u.id = c.user_id
      left join support_statuses s on s.user_id = u.id
      where c.closed_at is null and c.seen_at > ${seenAfter} and coalesce(s.status, 'available') = 'available'
        and u.perm_support_allowed and ${takes})
      or exists (select from teams t where ${queue.type} = 'team' and t.id = ${queue.type === 'general' ? 0 : queue.id}
        and t.persistent_queue) as available`.execute(tx);
  return rows[0]?.available === true;
};

/** The name of a queue for people, of a row with `queue` and `queue_id`; what was deleted has none any more. */
export const queueNameOf = (row: string): RawBuilder<string> => {
  const [queue, id] = [sql.ref(`${row}.queue`), sql.ref(`${row}.queue_id`)];
  return sql<string>`case ${queue} when 'general' then 'General queue'
    when 'team' then coalesce((select t.name from teams t where t.id = ${id}), 'A team that was deleted')
    else coalesce((select u.public_display_name from site_users u where u.id = ${id}), 'A user who was deleted') end`;
};

/** As programs write it. */
export const writeQueue = (queue: Queue): string =>
  queue.type === 'general' ? 'general' : `${queue.type}:${queue.id}`;
