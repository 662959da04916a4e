import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Whoever sends a session to this queue at the same time waits for the answer, or is waited for. */
export const isWaitedFor = async (tx: Sql, id: number): Promise<boolean> => {
  await sql`select from teams where id = ${id} for update`.execute(tx);
  const { rows } = await sql<{ waits: boolean }>`
    select exists (select from support_sessions where queue = 'team' and queue_id = ${id} and state = 'waiting') as waits`.execute(
    tx,
  );
  return rows[0]?.waits === true;
};

export const deleteTeam = async (tx: Sql, id: number): Promise<void> => {
  await sql`delete from teams where id = ${id}`.execute(tx);
};

export interface TeamMember {
  readonly userId: number;
  readonly username: string;
  readonly name: string;
  readonly role: 'member' | 'lead' | 'manager';
}

export interface TeamWithMembers {
  readonly id: number;
  readonly name: string;
  readonly codeName: string;
  readonly members: readonly TeamMember[];
}

/** All teams by name, with their members where they are wanted. */
export const listTeams = async (tx: Sql, withMembers: boolean): Promise<readonly TeamWithMembers[]> => {
  const { rows } = await sql<Omit<TeamWithMembers, 'members'>>`
    select id, name, code_name as "codeName" from teams order by lower(name), id limit 10000`.execute(tx);
  if (!withMembers) return rows.map((row) => ({ ...row, members: [] }));
  const members = await sql<TeamMember & { teamId: number }>`
    select m.team_id as "teamId", m.user_id as "userId", u.username, u.public_display_name as name, m.role
    from team_members m join site_users u on u.id = m.user_id order by m.user_id`.execute(tx);
  return rows.map((row) => ({ ...row, members: members.rows.filter(({ teamId }) => teamId === row.id) }));
};

/** The teams that a user is in. */
export const listTeamsOf = async (tx: Sql, userId: number): Promise<readonly number[]> => {
  const { rows } = await sql<{ id: number }>`
    select team_id as id from team_members where user_id = ${userId} order by team_id`.execute(tx);
  return rows.map(({ id }) => id);
};
