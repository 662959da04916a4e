import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { everybody } from './levels.ts';

/** Everybody enabled behind the grants of a right on a domain, however deep the groups. */
const holdersOf = (role: string) => sql`
  select distinct g.connection_id, g.resource_id, g.stream as grant_stream, g.id as grant_id, a.stream, a.id
  from directory_grants g cross join lateral (
    with recursive held as (
      select g.kind, g.principal_id as id
      union
      select case m.member_kind when 'group' then 'groups' else 'accounts' end, m.member_id from held h
        join memberships m on m.connection_id = g.connection_id and m.group_id = h.id and m.gone_at is null and m.member_id is not null
      where h.kind = 'groups'
    ) select kind, id from held
  ) h
    join accounts a on a.connection_id = g.connection_id and a.gone_at is null and a.status = 'enabled'
      and (h.kind = 'accounts' and a.id = h.id or h.kind = 'groups' and h.id in ${sql.raw(everybody)} and a.id like 'S-1-5-21-%')
  where g.role_id = ${role}`;

/**
 * Adds to `controls` whoever may replicate the secrets of a domain because one group lets them replicate, and another lets
 * them replicate all. Those whom one principal gives both are there already.
 */
export const findReplicators = async (tx: Sql): Promise<void> => {
  await sql`
    insert into controls
    select distinct on (one.connection_id, one.id, one.resource_id) one.connection_id, 'accounts', one.stream, one.id,
      one.grant_stream, one.grant_id, 'acl:GetChangesAll', 'resources', w.stream, w.id, w.label, w.level, null
    from (${holdersOf('acl:GetChangesAll')}) one
      join (${holdersOf('acl:GetChanges')}) two
        on two.connection_id = one.connection_id and two.resource_id = one.resource_id and two.id = one.id
      join worth_controlling w on w.connection_id = one.connection_id and w.kind = 'resources' and w.id = one.resource_id and w.is_domain
    where not exists (select from directory_grants g join directory_grants both_of_one using (connection_id, kind, principal_id, resource_id)
      where g.connection_id = one.connection_id and g.stream = one.grant_stream and g.id = one.grant_id and both_of_one.role_id = 'acl:GetChanges')
    order by one.connection_id, one.id, one.resource_id, one.grant_id`.execute(tx);
};
