import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { copyCertificates } from './certificates/copy-certificates.ts';
import { copyDelegation } from './delegation.ts';
import { mostTargets, pathsFrom } from './edges/edge.ts';
import { mostSteps } from './find-paths.ts';
import { everybody } from './levels.ts';
import { findReplicators } from './replicators.ts';

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

/** Each step of control over control needs a round. */
const mostRounds = mostSteps;
/** Groups of one member that are kept, the nearest to privilege first: beyond them a path tells nothing new. */
const mostGroups = 5;

/**
 * Fills, from access entries of directories, delegation, SID history and certificate services:
 * `controls`: which principal (`from_kind` accounts or groups) may take over what by which grant, where that leads nearer to
 * privilege; `insiders`: who is in those groups by which membership (null: everybody is). Both name what they lead to
 * (`to_kind`, `to_stream`, `to_id`, `to_label`, `level`).
 *
 * A right on an ordinary account matters only if that account has a right in turn, and there are millions of those that
 * do not: so the search begins at what is privileged and goes backwards, once over every group and account. First to the
 * highest privilege, then, for what does not get there, to the next.
 */
export const findControls = async (tx: Sql): Promise<void> => {
  await sql`create temp table controls (
    connection_id uuid not null, from_kind text not null, from_stream text not null, from_id text not null,
    grant_stream text not null, grant_id text not null, role_id text not null,
    to_kind text not null, to_stream text not null, to_id text not null, to_label text not null, level smallint not null,
    proof jsonb
  ) on commit drop`.execute(tx);
  await sql`create temp table insiders (
    connection_id uuid not null, from_kind text not null, from_stream text not null, from_id text not null,
    membership_stream text, membership_id text, to_stream text not null, to_id text not null, to_label text not null
  ) on commit drop`.execute(tx);
  const some = await sql`select from live_grants where role_id like 'acl:%' limit 1`.execute(tx);
  if (some.rows.length === 0) return;
  await sql`create temp table worth_controlling (
    connection_id uuid not null, kind text not null, stream text not null, id text not null, label text not null,
    level smallint not null, round int not null, is_domain boolean not null default false,
    primary key (connection_id, kind, id)
  ) on commit drop`.execute(tx);
  await copyGrants(tx);
  for (let level = 4; level >= pathsFrom; level--) {
    const first = (4 - level) * 100;
    await startAtPrivilege(tx, level, first);
    for (let round = first + 1; round <= first + mostRounds; round++) if (!(await goBackwards(tx, round))) break;
  }
  await sql`analyze worth_controlling`.execute(tx);
  await keepControls(tx);
  await keepInsiders(tx);
  await findReplicators(tx);
  await sql`drop table directory_grants, worth_controlling`.execute(tx);
  for (const table of ['controls', 'insiders']) await sql`analyze ${sql.id(table)}`.execute(tx);
};

/** `directory_grants`: the access entries that may count, and what counts like one, with its proof where that is no entry. */
const copyGrants = async (tx: Sql): Promise<void> => {
  await sql`create temp table directory_grants on commit drop as
    select connection_id, stream, id, case principal_kind when 'group' then 'groups' else 'accounts' end as kind, principal_id,
      role_id, resource_id, null::jsonb as proof from live_grants
    where role_id = any(${[...new Set([...takeOverAccount, ...enterGroup, ...controlObject, ...onResources])]}::text[])`.execute(
    tx,
  );
  await copyDelegation(tx);
  await copyCertificates(tx);
  await sql`create index on directory_grants (connection_id, resource_id)`.execute(tx);
  await sql`create index on directory_grants (connection_id, kind, principal_id)`.execute(tx);
  await sql`analyze directory_grants`.execute(tx);
};

const onResources = ['acl:GetChanges', 'acl:GetChangesAll', 'acl:AllExtendedRights', 'acl:WriteGPLink'];

/** Whether grant `g` lets its principal take over `w`: which rights count differs by what they are on. */
const takesOver = sql`(
  g.role_id like 'certificate:%'
  or (w.kind = 'accounts' and g.role_id = any(${[...takeOverAccount, 'delegation:to', 'sid-history']}::text[]))
  or (w.kind = 'groups' and g.role_id = any(${[...enterGroup, 'sid-history']}::text[]))
  or (w.kind = 'resources' and (g.role_id = any(${[...controlObject, 'acl:WriteGPLink']}::text[])
    or w.is_domain and (g.role_id in ('acl:AllExtendedRights', 'delegation:unconstrained') or g.role_id = 'acl:GetChangesAll' and exists (
      select from directory_grants other where other.connection_id = g.connection_id and other.kind = g.kind
        and other.principal_id = g.principal_id and other.resource_id = g.resource_id and other.role_id = 'acl:GetChanges')))))`;

/**
 * Accounts and groups of a level; with the highest also the domain, what makes other objects privileged, and policies
 * that reach controllers. What is known to lead higher stays as it is.
 */
const startAtPrivilege = async (tx: Sql, level: number, round: number): Promise<void> => {
  await sql`
    insert into worth_controlling
    select a.connection_id, 'accounts', a.stream, a.id, coalesce(a.display_name, a.login, a.id), l.effective, ${round}::int
    from accounts a
      join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
    where a.gone_at is null and a.status = 'enabled' and l.effective = ${level}
      and a.connection_id in (select connection_id from directory_grants)
    union all
    select p.connection_id, 'groups', p.stream, p.id, coalesce(p.name, p.id), l.level, ${round}::int
    from groups p join group_levels l on l.connection_id = p.connection_id and l.group_id = p.id
    where p.gone_at is null and l.level = ${level} and p.connection_id in (select connection_id from directory_grants)
    on conflict do nothing`.execute(tx);
  if (level < 4) return;
  await sql`
    insert into worth_controlling
    select r.connection_id, 'resources', r.stream, r.id, coalesce(r.name, r.id), 4, ${round}::int, r.type = 'domain'
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

/** Whoever has a right on what the last round found, then whoever is in a group among them. False: nobody new. */
const goBackwards = async (tx: Sql, round: number): Promise<boolean> => {
  await sql`analyze worth_controlling`.execute(tx);
  const trustees = await sql`
    with trustee as (
      select distinct g.connection_id, g.kind, g.principal_id as id
      from worth_controlling w join directory_grants g on g.connection_id = w.connection_id and g.resource_id = w.id
      where w.round = ${round - 1} and ${takesOver}
    )
    insert into worth_controlling
    select a.connection_id, 'accounts', a.stream, a.id, coalesce(a.display_name, a.login, a.id), coalesce(l.effective, 0), ${round}::int
    from trustee t join accounts a on t.kind = 'accounts' and a.connection_id = t.connection_id and a.id = t.id
      left join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
    where a.gone_at is null and a.status = 'enabled'
    union all
    select p.connection_id, 'groups', p.stream, p.id, coalesce(p.name, p.id), coalesce(l.level, 0), ${round}::int
    from trustee t join groups p on t.kind = 'groups' and p.connection_id = t.connection_id and p.id = t.id
      left join group_levels l on l.connection_id = p.connection_id and l.group_id = p.id
    where p.gone_at is null
    on conflict do nothing`.execute(tx);
  if (Number(trustees.numAffectedRows ?? 0n) === 0) return false;
  await sql`
    with recursive inside as (
      select connection_id, id from worth_controlling where kind = 'groups' and round = ${round}
      union
      select m.connection_id, m.member_id from inside i join memberships m on m.connection_id = i.connection_id
        and m.group_id = i.id and m.member_kind = 'group' and m.gone_at is null and m.member_id is not null
    )
    insert into worth_controlling
    select p.connection_id, 'groups', p.stream, p.id, coalesce(p.name, p.id), coalesce(l.level, 0), ${round}::int
    from inside i join groups p on p.connection_id = i.connection_id and p.id = i.id and p.gone_at is null
      left join group_levels l on l.connection_id = p.connection_id and l.group_id = p.id
    on conflict do nothing`.execute(tx);
  await sql`
    insert into worth_controlling
    select a.connection_id, 'accounts', a.stream, a.id, coalesce(a.display_name, a.login, a.id), coalesce(l.effective, 0), ${round}::int
    from accounts a
      left join held_levels l on l.connection_id = a.connection_id and l.principal_kind = 'account' and l.principal_id = a.id
    where a.gone_at is null and a.status = 'enabled' and (
      exists (select from memberships m join worth_controlling w on w.connection_id = m.connection_id and w.kind = 'groups'
          and w.id = m.group_id and w.round = ${round}
        where m.connection_id = a.connection_id and m.member_kind = 'account' and m.member_id = a.id and m.gone_at is null)
      or (a.id like 'S-1-5-21-%' and exists (select from worth_controlling w where w.connection_id = a.connection_id
        and w.kind = 'groups' and w.id in ${sql.raw(everybody)} and w.round = ${round})))
    on conflict do nothing`.execute(tx);
  return true;
};

/** Of every principal the grants that lead nearest to privilege. */
const keepControls = async (tx: Sql): Promise<void> => {
  await sql`
    insert into controls
    select connection_id, from_kind, from_stream, from_id, grant_stream, grant_id, role_id, to_kind, to_stream, to_id, to_label, level, proof
    from (
      select f.connection_id, f.kind as from_kind, f.stream as from_stream, f.id as from_id, g.stream as grant_stream,
        g.id as grant_id, g.role_id, g.proof, w.kind as to_kind, w.stream as to_stream, w.id as to_id, w.label as to_label, w.level,
        row_number() over (partition by f.connection_id, f.kind, f.id order by w.round, w.id, g.role_id, g.id) as place
      from worth_controlling w
        join directory_grants g on g.connection_id = w.connection_id and g.resource_id = w.id
        join worth_controlling f on f.connection_id = g.connection_id and f.kind = g.kind and f.id = g.principal_id
      where w.round < f.round and ${takesOver}
    ) found
    where place <= ${mostTargets}`.execute(tx);
};

/** Of everybody who is not privileged the groups that lead nearest to it. */
const keepInsiders = async (tx: Sql): Promise<void> => {
  await sql`
    insert into insiders
    select connection_id, from_kind, from_stream, from_id, membership_stream, membership_id, to_stream, to_id, to_label
    from (
      select f.connection_id, f.kind as from_kind, f.stream as from_stream, f.id as from_id, m.stream as membership_stream,
        m.id as membership_id, w.stream as to_stream, w.id as to_id, w.label as to_label,
        row_number() over (partition by f.connection_id, f.kind, f.id order by w.round, w.id, m.id) as place
      from worth_controlling w
        join memberships m on m.connection_id = w.connection_id and m.group_id = w.id and m.gone_at is null
        join worth_controlling f on f.connection_id = m.connection_id and f.id = m.member_id
          and f.kind = case m.member_kind when 'group' then 'groups' else 'accounts' end
      where w.kind = 'groups' and w.round <= f.round and w.level < 4
    ) found
    where place <= ${mostGroups}
    union all
    select f.connection_id, f.kind, f.stream, f.id, null, null, w.stream, w.id, w.label
    from worth_controlling w join worth_controlling f on f.connection_id = w.connection_id and f.kind = 'accounts'
      and f.id like 'S-1-5-21-%' and w.round <= f.round
    where w.kind = 'groups' and w.id in ${sql.raw(everybody)}`.execute(tx);
};
