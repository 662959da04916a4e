import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly members: number;
  readonly openCases: number;
  readonly createdAt: Date;
}

const columns = sql`t.team_id as id, t.name, t.comment, t.created_at as "createdAt",
  (select count(*)::int from team_members m where m.team_id = t.team_id) as members,
  (select count(*)::int from cases c where c.team_id = t.team_id and c.merged_into is null
    and c.status not in ('resolved', 'closed')) as "openCases"`;

/** By name. */
export const listTeams = (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<Team>> =>
  readPage<Team>(
    tx,
    {
      ...{ columns, from: sql`teams t`, scope: ['teams', query.search] },
      where: found(query.search, sql`t.name`, sql`t.comment`),
      order: [
        { column: sql`lower(t.name)`, type: 'text' },
        { column: sql`t.team_id`, type: 'uuid' },
      ],
    },
    query,
  );

/** By id or name. */
export const findTeam = async (tx: Sql, key: string): Promise<Team | null> => {
  const { rows } = await sql<Team>`
    select ${columns} from teams t where t.team_id::text = lower(${key}) or lower(t.name) = lower(${key})
    order by t.team_id::text = lower(${key}) desc limit 1`.execute(tx);
  return rows[0] ?? null;
};

/** Its id; null where another team has the name. */
export const insertTeam = async (
  tx: Sql,
  { name, comment }: { readonly name: string; readonly comment: string },
): Promise<string | null> => {
  const { rows } = await sql<{ id: string }>`
    insert into teams (team_id, name, comment) values (${newId()}, ${name}, ${comment})
    on conflict (lower(name)) do nothing returning team_id as id`.execute(tx);
  return rows[0]?.id ?? null;
};

export const updateTeam = async (
  tx: Sql,
  { id, name, comment }: { readonly id: string; readonly name: string; readonly comment: string },
): Promise<void> => {
  await sql`update teams set name = ${name}, comment = ${comment} where team_id = ${id}`.execute(tx);
};

export const deleteTeam = async (tx: Sql, id: string): Promise<void> => {
  await sql`delete from teams where team_id = ${id}`.execute(tx);
};

/** Cases of a team, whatever became of them; at most three. */
export const numbersOfTeam = async (tx: Sql, id: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ number: string }>`select number from cases where team_id = ${id} limit 3`.execute(tx);
  return rows.map(({ number }) => number);
};

export interface Member {
  readonly id: string;
  readonly login: string;
  readonly name: string;
  readonly email: string | null;
}

/** By name. */
export const listMembers = (tx: Sql, teamId: string, query: PageQuery): Promise<PageOf<Member>> =>
  readPage<Member>(
    tx,
    {
      columns: sql`p.person_id as id, p.login, p.name, p.email`,
      ...{ from: sql`team_members m join desk_people p using (person_id)`, scope: ['members', teamId] },
      where: sql`m.team_id = ${teamId}`,
      order: [
        { column: sql`lower(p.name)`, type: 'text' },
        { column: sql`p.person_id`, type: 'uuid' },
      ],
    },
    query,
  );

/** True where that changed something. */
export const setMember = async (tx: Sql, teamId: string, personId: string, isMember: boolean): Promise<boolean> => {
  const { rows } = isMember
    ? await sql`insert into team_members (team_id, person_id) values (${teamId}, ${personId})
        on conflict do nothing returning team_id`.execute(tx)
    : await sql`delete from team_members where team_id = ${teamId} and person_id = ${personId}
        returning team_id`.execute(tx);
  return rows.length > 0;
};
