import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/**
 * What edges start from, of the rows of `live_grants`:
 * `grant_holders`: the enabled accounts behind every grant of an administrator role, their own or through a group;
 * `administrators`: all accounts with such a grant;
 * `signed_in_elsewhere`: accounts that open only through an account of an identity provider, with that account;
 * `grant_reach`: for every grant of an administrator role which accounts it covers: `whole`, or those in its `groups` and its
 * `users`, and whether an enabled one without a role is among them;
 * `reached_members`: enabled accounts without a role in those groups.
 */
export const findHolders = async (tx: Sql, providers: readonly string[]): Promise<void> => {
  await sql`create temp table grant_holders on commit drop as
    with behind as (
      select g.connection_id, g.principal_id as account, g.stream as grant_stream, g.id as grant_id
      from live_grants g where g.principal_kind = 'account'
        and coalesce(g.role_type, '') not in ('app_assignment', 'permission')
      union
      select g.connection_id, m.member_id, g.stream, g.id
      from live_grants g join memberships m on m.connection_id = g.connection_id and m.group_id = g.principal_id
      where g.principal_kind = 'group' and m.member_kind = 'account' and m.gone_at is null
        and coalesce(g.role_type, '') not in ('app_assignment', 'permission') and g.connection_id = any(${providers}::uuid[])
    )
    select a.connection_id, a.stream, a.id, a.status, c.connector, b.grant_stream, b.grant_id, g.role_id, g.role_name,
      coalesce(g.level, 0) as level, g.permissions, g.targets, g.resource_id, coalesce(g.role_type = 'custom_role', true) as is_custom
    from behind b
      join live_grants g on g.connection_id = b.connection_id and g.stream = b.grant_stream and g.id = b.grant_id
      join connections c on c.connection_id = b.connection_id
      join accounts a on a.connection_id = b.connection_id and a.id = b.account and a.gone_at is null
    where b.connection_id = any(${providers}::uuid[])`.execute(tx);
  await sql`create temp table administrators on commit drop as
    select distinct connection_id, id from grant_holders`.execute(tx);
  await sql`delete from grant_holders where status <> 'enabled'`.execute(tx);
  await sql`create temp table signed_in_elsewhere on commit drop as
    select a.connection_id, a.stream, a.id, coalesce(a.display_name, a.login, a.id) as label, l.effective as level, i.own_value,
      p.connection_id as provider_connection, p.stream as provider_stream, p.id as provider_id
    from accounts a
      join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
      join identity_links i on i.connection_id = a.connection_id and i.stream = a.stream and i.id = a.id
      join accounts p on p.connection_id = i.other_connection_id and p.stream = i.other_stream and p.id = i.other_id
    where a.sso_only and a.status = 'enabled' and a.gone_at is null and i.rule in ('4', '5')
      and p.connection_id = any(${providers}::uuid[]) and p.connection_id <> a.connection_id
      and p.status = 'enabled' and p.gone_at is null`.execute(tx);
  for (const table of ['grant_holders', 'administrators', 'signed_in_elsewhere']) {
    await sql`analyze ${sql.id(table)}`.execute(tx);
  }
  await reach(tx);
};

/** Worked out for each grant once: a grant of a group has as many holders as the group has members. */
const reach = async (tx: Sql): Promise<void> => {
  await sql`create temp table grant_reach on commit drop as
    select g.connection_id, g.grant_stream, g.grant_id,
      (cardinality(g.targets) = 0 and not g.is_custom)
        or exists (select ${resourceSet} and s.attributes->'allUsers' = 'true') as whole,
      array(select substr(one, 7) from unnest(g.targets) one where one like 'group:%')
        || array(${idsOfResourceSet('membersOf')}) as groups,
      array(${idsOfResourceSet('users')}) as users, false as reaches_ordinary
    from (
      select distinct connection_id, grant_stream, grant_id, targets, is_custom, resource_id from grant_holders
    ) g`.execute(tx);
  await sql`create temp table reached_members on commit drop as
    select distinct m.connection_id, m.group_id, a.stream, a.id
    from (select distinct connection_id, unnest(groups) as group_id from grant_reach) g
      join memberships m on m.connection_id = g.connection_id and m.group_id = g.group_id
      join accounts a on a.connection_id = m.connection_id and a.id = m.member_id
    where m.gone_at is null and m.member_kind = 'account' and a.gone_at is null and a.status = 'enabled'
      and not exists (select from administrators x where x.connection_id = a.connection_id and x.id = a.id)`.execute(
    tx,
  );
  await sql`create index on reached_members (connection_id, group_id)`.execute(tx);
  for (const table of ['grant_reach', 'reached_members']) await sql`analyze ${sql.id(table)}`.execute(tx);
  await sql`
    with ordinary as materialized (
      select distinct a.connection_id from accounts a where a.gone_at is null and a.status = 'enabled'
        and not exists (select from administrators x where x.connection_id = a.connection_id and x.id = a.id)
    )
    update grant_reach r set reaches_ordinary = true
    where (r.whole and exists (select from ordinary o where o.connection_id = r.connection_id))
      or exists (select from reached_members m where m.connection_id = r.connection_id and m.group_id = any(r.groups))
      or exists (select from accounts a where a.connection_id = r.connection_id and a.id = any(r.users) and a.gone_at is null
        and a.status = 'enabled'
        and not exists (select from administrators x where x.connection_id = a.connection_id and x.id = a.id))`.execute(
    tx,
  );
};

/** The resource set that limits a custom role. */
const resourceSet = sql`from resources s where g.is_custom and s.connection_id = g.connection_id and s.id = g.resource_id
  and s.type = 'resource_set' and s.gone_at is null`;

const idsOfResourceSet = (attribute: 'membersOf' | 'users') => sql`
  select one from (select s.attributes->${sql.lit(attribute)} as ids ${resourceSet}) held
    cross join lateral jsonb_array_elements_text(case when jsonb_typeof(ids) = 'array' then ids else '[]' end) one`;
