import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { everybody } from '../levels.ts';
import { rightsOn } from './authorities.ts';
import { certificateWays } from './ways.ts';

/**
 * Adds to `directory_grants` who may get a certificate that gives more than they have: `certificate:` and the edge, on the
 * domain or the group that it gives, with the proof.
 *
 * Most of it takes several rights, in a template and at an authority. Whoever is named by one entry and is in what the
 * others name has them all, a group as well as an account; what then is left over is found account by account.
 */
export const copyCertificates = async (tx: Sql): Promise<void> => {
  if (await copyObjects(tx)) {
    await copyActs(tx);
    await holdActs(tx, named);
    await leaveOpen(tx);
    await holdActs(tx, members);
    await sql`drop table certificate_grants, certificate_acts, certificate_trustees, certificate_inside, certificate_holders`.execute(
      tx,
    );
  }
  await sql`drop table certificate_objects, certificate_authorities`.execute(tx);
};

/** What certificate services are made of; false: there are none. */
const copyObjects = async (tx: Sql): Promise<boolean> => {
  await sql`create temp table certificate_objects on commit drop as
    select connection_id, stream, id, type, coalesce(name, id) as name, attributes from resources
    where gone_at is null and type in ('certificate_template', 'enrollment_service', 'issuance_policy', 'certification_authority',
      'pki_object', 'domain')`.execute(tx);
  await sql`create temp table certificate_authorities on commit drop as
    select connection_id, stream, id, settings from policies
    where gone_at is null and type = 'certification_authority'`.execute(tx);
  for (const table of ['certificate_objects', 'certificate_authorities'])
    await sql`analyze ${sql.id(table)}`.execute(tx);
  const { rows } = await sql`select from certificate_objects where type <> 'domain' limit 1`.execute(tx);
  return rows.length > 0;
};

/** `certificate_acts`: what may be done, and by whom if they have it all; `certificate_trustees`: who has a part of that. */
const copyActs = async (tx: Sql): Promise<void> => {
  await sql`create temp table certificate_grants on commit drop as
    with found as (
      select g.connection_id, g.stream, g.id, 'grants' as record, case g.principal_kind when 'group' then 'groups' else 'accounts' end as kind,
        g.principal_id, g.role_id, g.resource_id
      from live_grants g where g.role_id like 'acl:%'
      union all
      select p.connection_id, p.stream, p.id, 'policies', 'accounts', held->>'trustee', 'ca:' || (held->>'right'), p.id
      from certificate_authorities p cross join lateral ${sql.raw(rightsOn('p'))} where held->>'isCertain' = 'true'
    )
    select f.connection_id, f.stream, f.id, f.record, case when p.id is null then f.kind else 'groups' end as kind, f.principal_id,
      f.role_id, f.resource_id,
      split_part(f.role_id, ':', 2) || ' for ' || coalesce(p.name, a.login, f.principal_id) || ' on ' || o.name as words
    from found f
      join certificate_objects o on o.connection_id = f.connection_id and o.id = f.resource_id and o.type <> 'domain'
      left join groups p on p.connection_id = f.connection_id and p.id = f.principal_id and p.gone_at is null
      left join accounts a on a.connection_id = f.connection_id and a.id = f.principal_id and a.gone_at is null`.execute(
    tx,
  );
  await sql`create temp table certificate_acts (
    act int not null generated always as identity, connection_id uuid not null, edge text not null, kind text not null,
    stream text not null, id text not null, words text not null, target_id text not null, needs jsonb not null
  ) on commit drop`.execute(tx);
  for (const { edge, acts } of certificateWays)
    for (const text of acts)
      await sql`
        insert into certificate_acts (connection_id, edge, kind, stream, id, words, target_id, needs)
        select w.connection_id, ${edge}, w.kind, w.stream, w.id, w.words, d.id, w.needs
        from (${sql.raw(text)}) w cross join lateral (
          select w.target_id as id where w.target_id is not null
          union all
          select o.id from certificate_objects o where w.target_id is null and o.connection_id = w.connection_id and o.type = 'domain') d
        order by w.connection_id, w.words, d.id`.execute(tx);
  await sql`create temp table certificate_trustees on commit drop as
    select row_number() over (order by a.act, n.need, g.principal_id, g.role_id, g.id)::int as seq, a.act, n.need, g.connection_id, g.kind,
      g.principal_id, g.record, g.stream, g.id, g.words
    from certificate_acts a
      cross join lateral jsonb_array_elements(a.needs) with ordinality n (options, need)
      cross join lateral jsonb_array_elements(n.options) option
      join certificate_grants g on g.connection_id = a.connection_id and g.resource_id = option->>'object' and option->'rights' ? g.role_id`.execute(
    tx,
  );
  await leaveAlike(tx);
  await sql`create temp table certificate_inside on commit drop as
    with recursive inside as (
      select distinct connection_id, principal_id as whole, principal_id as id from certificate_trustees
      union
      select i.connection_id, i.whole, m.member_id from inside i join memberships m on m.connection_id = i.connection_id
        and m.group_id = i.id and m.member_kind = 'group' and m.gone_at is null and m.member_id is not null
    ) select connection_id, whole, id, id in ${sql.raw(everybody)} as is_everybody from inside`.execute(tx);
  await sql`create temp table certificate_holders (act int not null, kind text not null, id text not null) on commit drop`.execute(
    tx,
  );
  for (const table of ['certificate_acts', 'certificate_trustees', 'certificate_inside'])
    await sql`analyze ${sql.id(table)}`.execute(tx);
};

/** Of acts that give the same to the same people the first is enough: most templates have one of a few descriptors. */
const leaveAlike = async (tx: Sql): Promise<void> => {
  await sql`
    delete from certificate_acts where act not in (
      select min(a.act) from certificate_acts a cross join lateral (
        select string_agg(distinct t.need || ' ' || t.principal_id, ',' order by t.need || ' ' || t.principal_id) as trustees
        from certificate_trustees t where t.act = a.act) who
      group by a.connection_id, a.edge, a.target_id, who.trustees)`.execute(tx);
  await sql`delete from certificate_trustees where act not in (select act from certificate_acts)`.execute(tx);
};

/** Somebody who is in others, and which acts that counts for. */
interface Parts {
  readonly rows: ReturnType<typeof sql>;
  readonly counts: ReturnType<typeof sql>;
}

/** Who is in whom, of principals that are named themselves. Who signed in at all, whatever group they are in, is everybody. */
const named: Parts = {
  rows: sql`
    select distinct i.connection_id, i.whole, n.kind, n.principal_id as id
    from certificate_inside i join (select distinct connection_id, kind, principal_id from certificate_trustees) n
      on n.connection_id = i.connection_id and (n.principal_id = i.id
        or i.is_everybody and (n.principal_id in ${sql.raw(everybody)} or n.principal_id ~ '^S-1-5-(21|32)-')
        or n.kind = 'accounts' and exists (select from memberships m where m.connection_id = i.connection_id and m.group_id = i.id
          and m.member_kind = 'account' and m.member_id = n.principal_id and m.gone_at is null))`,
  counts: sql`exists (select from certificate_trustees own where own.act = t.act and own.principal_id = p.id)`,
};

/** The accounts that are in whom. */
const members: Parts = {
  rows: sql`
    select i.connection_id, i.whole, 'accounts' as kind, m.member_id as id
    from certificate_inside i join memberships m on m.connection_id = i.connection_id and m.group_id = i.id
      and m.member_kind = 'account' and m.gone_at is null and m.member_id is not null
    where i.whole in (select principal_id from certificate_trustees)
    union
    select i.connection_id, i.whole, 'accounts', a.id
    from certificate_inside i join accounts a on a.connection_id = i.connection_id and a.gone_at is null and a.id like 'S-1-5-21-%'
    where i.is_everybody and i.whole in (select principal_id from certificate_trustees)`,
  counts: sql`true`,
};

/** Writes down who has everything that an act needs. */
const holdActs = async (tx: Sql, { rows, counts }: Parts): Promise<void> => {
  await sql`create temp table certificate_found on commit drop as
    with best as (
      select t.act, t.need, p.kind, p.id, (array_agg(t.seq order by t.principal_id <> p.id, t.seq))[1] as seq
      from (${rows}) p join certificate_trustees t on t.connection_id = p.connection_id and t.principal_id = p.whole
      where ${counts}
      group by t.act, t.need, p.kind, p.id
    )
    select b.act, b.kind, b.id, array_agg(b.seq) as entries
    from best b join certificate_acts a on a.act = b.act
    group by b.act, b.kind, b.id, a.needs having count(*) = jsonb_array_length(a.needs)`.execute(tx);
  await sql`insert into certificate_holders select act, kind, id from certificate_found`.execute(tx);
  // Of several ways to the same the first is enough, and one entry may be two of the needs.
  await sql`
    insert into directory_grants (connection_id, stream, id, kind, principal_id, role_id, resource_id, proof)
    select a.connection_id, a.stream, a.id, f.kind, f.id, 'certificate:' || a.edge, a.target_id,
      jsonb_build_array(jsonb_build_object('fact', 'Certificate', 'value', a.words, 'kind', a.kind, 'connection', a.connection_id,
        'stream', a.stream, 'id', a.id)) || (
        select jsonb_agg(jsonb_build_object('fact', 'Access entry', 'value', e.words, 'kind', e.record,
          'connection', e.connection_id, 'stream', e.stream, 'id', e.id) order by e.need)
        from (select distinct on (t.words, t.id) t.* from certificate_trustees t where t.seq = any(f.entries)
          order by t.words, t.id, t.need) e)
    from (
      select distinct on (a.connection_id, f.kind, f.id, a.edge, a.target_id) f.*
      from certificate_found f join certificate_acts a on a.act = f.act
      order by a.connection_id, f.kind, f.id, a.edge, a.target_id, a.act
    ) f join certificate_acts a on a.act = f.act
    order by a.act, f.kind, f.id`.execute(tx);
  await sql`drop table certificate_found`.execute(tx);
};

/** Leaves the trustees of whom not everybody has all yet, where they could have it together. */
const leaveOpen = async (tx: Sql): Promise<void> => {
  await sql`
    delete from certificate_trustees t using (${named.rows}) n, certificate_holders h
    where n.connection_id = t.connection_id and n.kind = t.kind and n.id = t.principal_id and h.act = t.act and h.id = n.whole`.execute(
    tx,
  );
  await sql`
    delete from certificate_trustees t where t.act in (
      select a.act from certificate_acts a left join certificate_trustees o on o.act = a.act
      group by a.act, a.needs having count(distinct o.need) < jsonb_array_length(a.needs))`.execute(tx);
};
