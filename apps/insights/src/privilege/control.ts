import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { pathsFrom } from './edges/edge.ts';
import { everybody } from './levels.ts';

/** Rights on an account that make whoever has them that account: a new password, another key, or the right to give itself one. */
export const takeOverAccount = [
  ...['Owns', 'GenericAll', 'GenericWrite', 'WriteDacl', 'WriteOwner', 'AllExtendedRights', 'ForceChangePassword'],
  ...['AddKeyCredentialLink', 'AddAllowedToAct', 'AllowedToAct', 'ReadGMSAPassword', 'ReadLAPSPassword'],
].map((right) => `acl:${right}`);
/** Rights on a group that put whoever has them into it. */
export const enterGroup = ['Owns', 'GenericAll', 'GenericWrite', 'WriteDacl', 'WriteOwner', 'AddMember', 'AddSelf'].map(
  (right) => `acl:${right}`,
);
/** Rights that change what an object is or does: a domain, a policy, an organisational unit. */
export const controlObject = ['Owns', 'GenericAll', 'GenericWrite', 'WriteDacl', 'WriteOwner'].map(
  (right) => `acl:${right}`,
);

/** So many steps of control over control are looked for; each needs a round. */
const mostRounds = 6;

/**
 * Fills, from access entries of directories:
 * `controls`: who may take over what, where that leads to privilege: `holder` (an account, by itself or as a member of
 * `trustee`, however deep), the grant that says so, the target (`to_kind`, `to_stream`, `to_id`, `to_label`, `level`), and
 * whether everybody may (`by_everybody`).
 *
 * A right on an ordinary account matters only if that account has a right in turn, and there are millions of those that
 * do not: so the search begins at what is privileged and goes backwards.
 */
export const findControls = async (tx: Sql): Promise<void> => {
  await sql`create temp table controls (
    connection_id uuid not null, holder_stream text not null, holder text not null, trustee text not null,
    grant_stream text not null, grant_id text not null, role_id text not null,
    to_kind text not null, to_stream text not null, to_id text not null, to_label text not null, level smallint not null,
    by_everybody boolean not null
  ) on commit drop`.execute(tx);
  const some = await sql`select from live_grants where role_id like 'acl:%' limit 1`.execute(tx);
  if (some.rows.length === 0) return;
  await sql`create temp table worth_controlling (
    connection_id uuid not null, kind text not null, stream text not null, id text not null, label text not null,
    level smallint not null, round int not null, primary key (connection_id, kind, id)
  ) on commit drop`.execute(tx);
  await sql`create temp table directory_grants on commit drop as
    select connection_id, stream, id, principal_kind, principal_id, role_id, resource_id from live_grants
    where role_id = any(${[...new Set([...takeOverAccount, ...enterGroup, ...controlObject, ...replicating])]}::text[])`.execute(
    tx,
  );
  await sql`create index on directory_grants (connection_id, resource_id)`.execute(tx);
  await sql`analyze directory_grants`.execute(tx);
  await closeGroups(tx);
  await startAtPrivilege(tx);
  for (let round = 1; round <= mostRounds; round++) {
    await sql`analyze worth_controlling`.execute(tx);
    await findHoldersOf(tx, round - 1);
    if (!(await goBackwards(tx, round))) break;
  }
  await sql`drop table directory_grants, groups_inside, worth_controlling`.execute(tx);
  await sql`analyze controls`.execute(tx);
};

const replicating = ['acl:GetChanges', 'acl:GetChangesAll', 'acl:AllExtendedRights', 'acl:WriteGPLink'];

/** `groups_inside`: every group that has a right with every group in it, however deep, and itself. */
const closeGroups = async (tx: Sql): Promise<void> => {
  await sql`create temp table groups_inside on commit drop as
    with recursive inside as (
      select distinct connection_id, principal_id as trustee, principal_id as group_id from directory_grants
      where principal_kind = 'group'
      union
      select i.connection_id, i.trustee, m.member_id from inside i
        join memberships m on m.connection_id = i.connection_id and m.group_id = i.group_id and m.member_kind = 'group'
          and m.gone_at is null and m.member_id is not null
    )
    select * from inside`.execute(tx);
  await sql`create index on groups_inside (connection_id, trustee)`.execute(tx);
  await sql`analyze groups_inside`.execute(tx);
};

/** Privileged accounts and groups, the domain, what makes other objects privileged, and policies that reach controllers. */
const startAtPrivilege = async (tx: Sql): Promise<void> => {
  await sql`
    insert into worth_controlling
    select a.connection_id, 'accounts', a.stream, a.id, coalesce(a.display_name, a.login, a.id), l.effective, 0
    from accounts a
      join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
    where a.gone_at is null and a.status = 'enabled' and l.effective >= ${pathsFrom}
      and exists (select from directory_grants g where g.connection_id = a.connection_id)
    union all
    select p.connection_id, 'groups', p.stream, p.id, coalesce(p.name, p.id), l.level, 0
    from groups p join group_levels l on l.connection_id = p.connection_id and l.group_id = p.id
    where p.gone_at is null and l.level >= ${pathsFrom}
      and exists (select from directory_grants g where g.connection_id = p.connection_id)
    union all
    select r.connection_id, 'resources', r.stream, r.id, coalesce(r.name, r.id), 4, 0
    from resources r
    where r.gone_at is null and (
      r.type = 'domain'
      or (r.type = 'container' and r.attributes->>'dn' ~* '^CN=AdminSDHolder,CN=System,')
      or (r.type = 'organizational_unit' and r.attributes->>'dn' ~* '^OU=Domain Controllers,DC=')
      or (r.type = 'group_policy' and coalesce(r.status, 'enabled') = 'enabled' and exists (
        select from resources linked cross join lateral jsonb_array_elements(
          case when jsonb_typeof(linked.attributes->'links') = 'array' then linked.attributes->'links' else '[]' end) link
        where linked.connection_id = r.connection_id and linked.gone_at is null
          and (linked.type = 'domain' or (linked.type = 'organizational_unit' and linked.attributes->>'dn' ~* '^OU=Domain Controllers,DC='))
          and link->>'policy' = r.attributes->>'policy' and coalesce(link->>'isDisabled', 'false') <> 'true')))
    on conflict do nothing`.execute(tx);
};

/** Whether a right to replicate is one to replicate secrets: the account has the other half, too, perhaps by another group. */
const hasBothHalves = sql`(g.role_id not in ('acl:GetChangesAll', 'acl:AllExtendedRights') or w.kind <> 'resources' or exists (
  select from directory_grants other where other.connection_id = g.connection_id and other.resource_id = g.resource_id
    and other.role_id in ('acl:GetChanges', 'acl:AllExtendedRights') and (
      other.principal_id in (g.principal_id, h.id)
      or exists (select from groups_inside i where i.connection_id = other.connection_id and i.trustee = other.principal_id
        and (i.group_id in ${sql.raw(everybody)} or exists (select from memberships m where m.connection_id = i.connection_id
          and m.group_id = i.group_id and m.member_kind = 'account' and m.member_id = h.id and m.gone_at is null))))))`;

/** The accounts behind every right on what was found in a round. Rights that count differ by what they are on. */
const findHoldersOf = async (tx: Sql, round: number): Promise<void> => {
  await sql`
    insert into controls
    select g.connection_id, h.stream, h.id, g.principal_id, g.stream, g.id, g.role_id, w.kind, w.stream, w.id, w.label, w.level,
      h.by_everybody
    from worth_controlling w
      join directory_grants g on g.connection_id = w.connection_id and g.resource_id = w.id
        and (w.kind <> 'accounts' or g.role_id = any(${takeOverAccount}::text[]))
        and (w.kind <> 'groups' or g.role_id = any(${enterGroup}::text[]))
        and (w.kind <> 'resources'
          or g.role_id = any(${[...controlObject, 'acl:WriteGPLink', 'acl:GetChangesAll', 'acl:AllExtendedRights']}::text[]))
      cross join lateral (
        select a.stream, a.id, false as by_everybody from accounts a
        where g.principal_kind = 'account' and a.connection_id = g.connection_id and a.id = g.principal_id
          and a.gone_at is null and a.status = 'enabled'
        union
        select a.stream, a.id, false from groups_inside i
          join memberships m on m.connection_id = i.connection_id and m.group_id = i.group_id and m.member_kind = 'account'
            and m.gone_at is null
          join accounts a on a.connection_id = m.connection_id and a.id = m.member_id and a.gone_at is null and a.status = 'enabled'
        where g.principal_kind = 'group' and i.connection_id = g.connection_id and i.trustee = g.principal_id
        union
        select a.stream, a.id, true from groups_inside i
          join accounts a on a.connection_id = i.connection_id and a.gone_at is null and a.status = 'enabled' and a.id like 'S-1-5-21-%'
        where g.principal_kind = 'group' and i.connection_id = g.connection_id and i.trustee = g.principal_id
          and i.group_id in ${sql.raw(everybody)}
      ) h
    where w.round = ${round} and h.id <> w.id and ${hasBothHalves}`.execute(tx);
};

/** Whoever has a right on what is worth it, is worth it; not what everybody has. False: nobody new. */
const goBackwards = async (tx: Sql, round: number): Promise<boolean> => {
  const added = await sql`
    insert into worth_controlling
    select distinct on (c.connection_id, a.id) c.connection_id, 'accounts', a.stream, a.id,
      coalesce(a.display_name, a.login, a.id), coalesce(l.effective, 0), ${round}::int
    from controls c
      join accounts a on a.connection_id = c.connection_id and a.stream = c.holder_stream and a.id = c.holder
      left join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
    where not c.by_everybody
    order by c.connection_id, a.id
    on conflict do nothing`.execute(tx);
  return Number(added.numAffectedRows ?? 0n) > 0;
};
