import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { GlobalRights } from '../delegation/index.ts';
import type { Actor } from '../identities/index.ts';
import { found, type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { SystemKind } from './model.ts';

/** Systems under one name, for delegation and jobs. */
export interface ManagementSet {
  readonly setId: string;
  readonly name: string;
  readonly comment: string;
  readonly systems: number;
  readonly createdAt: Date;
}

const columns = sql`m.set_id as "setId", m.name, m.comment, m.created_at as "createdAt",
  (select count(*)::int from set_systems x where x.set_id = m.set_id) as systems`;

export const listSets = (
  tx: Sql,
  query: PageQuery & { readonly search?: string | undefined },
): Promise<PageOf<ManagementSet>> =>
  readPage<ManagementSet>(
    tx,
    {
      ...{ columns, from: sql`management_sets m`, where: found(query.search, sql`m.name`, sql`m.comment`) },
      ...{ order: [sql`lower(m.name)`], scope: `sets ${query.search ?? ''}` },
    },
    query,
  );

export const findSet = async (tx: Sql, setId: string): Promise<ManagementSet | null> => {
  const { rows } = await sql<ManagementSet>`
    select ${columns} from management_sets m where m.set_id = ${setId}`.execute(tx);
  return rows[0] ?? null;
};

/** Those that an actor has a right on; with All Access all. By name, at most so many. `name`: the one of this name. */
export const listSetsSeenBy = async (
  tx: Sql,
  actor: Pick<Actor, 'holds'>,
  { allAccess }: Pick<GlobalRights, 'allAccess'>,
  { name, most }: { readonly name?: string; readonly most: number },
): Promise<readonly ManagementSet[]> => {
  const mine = sql`exists (select from delegations d
    where d.set_id = m.set_id and d.identity_id = any(${[...actor.holds]}::uuid[]))`;
  const { rows } = await sql<ManagementSet>`
    select ${columns} from management_sets m
    where (${name ?? null}::text is null or lower(m.name) = lower(${name ?? null})) and ${allAccess ? sql`true` : mine}
    order by lower(m.name) limit ${most}`.execute(tx);
  return rows;
};

/** Names of its systems of one kind, at most so many. */
export const listNamesIn = async (
  tx: Sql,
  setId: string,
  kind: SystemKind,
  most: number,
): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select s.name from systems s join set_systems m using (system_id)
    where m.set_id = ${setId} and s.kind = ${kind} order by lower(s.name) limit ${most}`.execute(tx);
  return rows.map(({ name }) => name);
};

/** False where there is one of its name. */
export const insertSet = async (tx: Sql, set: Omit<ManagementSet, 'systems'>): Promise<boolean> => {
  const { rows } = await sql`insert into management_sets (set_id, name, comment, created_at)
    values (${set.setId}, ${set.name}, ${set.comment}, ${set.createdAt}) on conflict do nothing returning set_id`.execute(
    tx,
  );
  return rows.length > 0;
};

/** Keeps a set under its id: a new one, or in place of what it was. */
export const putSet = async (tx: Sql, set: Omit<ManagementSet, 'systems'>): Promise<void> => {
  await sql`insert into management_sets (set_id, name, comment, created_at)
    values (${set.setId}, ${set.name}, ${set.comment}, ${set.createdAt})
    on conflict (set_id) do update set name = excluded.name, comment = excluded.comment`.execute(tx);
};

export const deleteSet = async (tx: Sql, setId: string): Promise<void> => {
  await sql`delete from management_sets where set_id = ${setId}`.execute(tx);
};

/** True where that changed something. */
export const setMember = async (tx: Sql, setId: string, systemId: string, isIn: boolean): Promise<boolean> => {
  const { rows } = isIn
    ? await sql`insert into set_systems (set_id, system_id) values (${setId}, ${systemId})
        on conflict do nothing returning set_id`.execute(tx)
    : await sql`delete from set_systems where set_id = ${setId} and system_id = ${systemId} returning set_id`.execute(
        tx,
      );
  return rows.length > 0;
};

/** Who has rights on its systems through it: names of identities, at most eleven. */
export const listUsesOfSet = async (tx: Sql, setId: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ name: string }>`
    select i.name from delegations d join identities i using (identity_id) where d.set_id = ${setId}
    order by lower(i.name) limit 11`.execute(tx);
  return rows.map(({ name }) => `the delegation to ${name}`);
};
