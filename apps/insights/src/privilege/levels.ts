import { privileges } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** SQL for a privilege word as its level, 0 none to 4 highest; null stays null. */
export const levelOf = (word: string) =>
  sql.raw(`(array_position(array['${privileges.join("','")}'], ${word}) - 1)::smallint`);

/** Groups of a directory that nobody is put into: everybody who signed in is in them. In SQL. */
export const everybody = `('S-1-1-0', 'S-1-5-11')`;

/**
 * `held_levels`: what every principal with a grant has by its own grants (`direct`) and with those that came through
 * groups inside groups (`effective`); only active grants that have not expired. `unknown`: a grant whose privilege nobody knows.
 * Principals are named by kind and id within their connection.
 */
export const holdLevels = async (tx: Sql, now: Date): Promise<void> => {
  await sql`create temp table live_grants on commit drop as
    select g.connection_id, g.stream, g.id, g.principal_kind, g.principal_id, g.role_id, g.via, g.targets, g.resource_id,
      coalesce(r.name, g.role_id) as role_name, r.type as role_type, coalesce(r.permissions, '{}') as permissions,
      coalesce(${levelOf('g.privilege')}, ${levelOf('r.privilege')}) as level
    from grants g
      left join (
        select distinct on (connection_id, id) connection_id, id, name, type, permissions, privilege
        from roles where gone_at is null order by connection_id, id, stream
      ) r on r.connection_id = g.connection_id and r.id = g.role_id
    where g.gone_at is null and coalesce(g.state, 'active') = 'active' and (g.expires_at is null or g.expires_at > ${now})`.execute(
    tx,
  );
  await sql`analyze live_grants`.execute(tx);
  // A group inside a group has what the outer one has; so has a team what its parent team has.
  await sql`create temp table group_levels on commit drop as
    with recursive outer_of as (
      select connection_id, member_id as inner_id, group_id as outer_id from memberships
      where member_kind = 'group' and gone_at is null and group_id is not null and member_id is not null
      union
      select connection_id, id, parent_id from groups where parent_id is not null and gone_at is null
    ), held as (
      select connection_id, principal_id as group_id, level from live_grants
      where principal_kind = 'group' and coalesce(level, -1) <> 0
      union
      select h.connection_id, o.inner_id, h.level
      from held h join outer_of o on o.connection_id = h.connection_id and o.outer_id = h.group_id
    )
    select connection_id, group_id, max(level) as level, bool_or(level is null) as unknown
    from held group by connection_id, group_id`.execute(tx);
  await sql`analyze group_levels`.execute(tx);
  await sql`create temp table held_levels on commit drop as
    select connection_id, principal_kind, principal_id,
      coalesce(max(level) filter (where is_direct), 0)::smallint as direct,
      coalesce(max(level), 0)::smallint as effective,
      bool_or(level is null and is_direct) as direct_unknown,
      bool_or(level is null) as unknown
    from (
      select connection_id, principal_kind, principal_id, level, coalesce(via, 'direct') = 'direct' as is_direct
      from live_grants where principal_kind <> 'group'
      union all
      select m.connection_id, 'account', m.member_id, case when l.unknown and l.level is null then null else l.level end, false
      from memberships m join group_levels l on l.connection_id = m.connection_id and l.group_id = m.group_id
      where m.member_kind = 'account' and m.gone_at is null
      union all
      select m.connection_id, 'account', m.member_id, null, false
      from memberships m join group_levels l on l.connection_id = m.connection_id and l.group_id = m.group_id
      where m.member_kind = 'account' and m.gone_at is null and l.unknown
      union all
      -- That everybody has a little is nothing to tell of everybody.
      select a.connection_id, 'account', a.id, l.level, false
      from group_levels l join accounts a on a.connection_id = l.connection_id and a.gone_at is null and a.id like 'S-1-5-21-%'
      where l.group_id in ${sql.raw(everybody)} and l.level >= 2
    ) every_level
    where principal_id is not null
    group by connection_id, principal_kind, principal_id`.execute(tx);
  await sql`create index on held_levels (connection_id, principal_id)`.execute(tx);
  await sql`analyze held_levels`.execute(tx);
};
