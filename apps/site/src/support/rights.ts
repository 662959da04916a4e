import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { listTeamsOf } from '../teams/index.ts';
import type { Queue } from './queues.ts';

/** What a user may do in remote support, by their group policies and teams; administrators may do all of it. */
export interface Rights {
  readonly userId: number;
  readonly username: string;
  readonly name: string;
  readonly maySupport: boolean;
  readonly mayMakeKeys: boolean;
  readonly takesGeneral: boolean;
  readonly takesTeams: boolean;
  readonly transfersAnywhere: boolean;
  readonly mayEnd: boolean;
  readonly teams: readonly number[];
}

/** Null: there is no such user, or they may not sign in. */
export const findRights = async (tx: Sql, userId: number): Promise<Rights | null> => {
  const { rows } = await sql<Omit<Rights, 'teams'>>`
    select id as "userId", username, public_display_name as name, perm_support_allowed as "maySupport",
      perm_generate_session_key as "mayMakeKeys", perm_accept_general_sessions as "takesGeneral",
      perm_accept_team_sessions as "takesTeams", perm_transfer_other_team as "transfersAnywhere",
      perm_end_support_sessions as "mayEnd"
    from site_users where id = ${userId} and enabled`.execute(tx);
  return rows[0] === undefined ? null : { ...rows[0], teams: await listTeamsOf(tx, userId) };
};

/** Whether somebody may take what waits in a queue. Their own is always open to them. */
export const mayTake = (rights: Rights, queue: Queue): boolean => {
  if (!rights.maySupport) return false;
  if (queue.type === 'general') return rights.takesGeneral;
  if (queue.type === 'rep') return queue.id === rights.userId;
  return rights.takesTeams && rights.teams.includes(queue.id);
};

export const mayTransferTo = (rights: Rights, queue: Queue): boolean =>
  rights.maySupport && (queue.type !== 'team' || rights.transfersAnywhere || rights.teams.includes(queue.id));
