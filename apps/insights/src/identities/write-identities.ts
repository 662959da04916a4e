import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

interface WriteOptions {
  readonly tenantId: TenantId;
  readonly now: Date;
  /** All accounts of the tenant were correlated, so what was not found is not so any more. */
  readonly whole: boolean;
}

/** Stores the sets as identities with lasting ids. Returns how many accounts changed theirs. */
export const writeIdentities = async (tx: Sql, options: WriteOptions): Promise<number> => {
  await sql`create index on correlating (n)`.execute(tx);
  await chooseIds(tx);
  for (const table of ['correlating_found', 'correlating_ids']) await sql`analyze ${sql.id(table)}`.execute(tx);
  const changed = await sql`
    update accounts a set identity_id = i.identity_id
    from correlating o join correlating_sets s using (n) join correlating_ids i using (root)
    where a.tenant_id = ${options.tenantId} and a.connection_id = o.connection_id and a.stream = o.stream and a.id = o.id
      and o.was is distinct from i.identity_id`.execute(tx);
  await writeLinks(tx, options);
  await writeConflicts(tx, options);
  await writeSuggestions(tx, options);
  return Number(changed.numAffectedRows ?? 0n);
};

/**
 * `correlating_ids`: an id for every set. A former identity's id goes to the set that has most of its accounts, the one
 * with the oldest of them where that is even (not to those that a person split off, be it undone since); a set that several ids come to keeps
 * the one most of its accounts had, the one known longest where that is even.
 */
const chooseIds = (tx: Sql) =>
  sql`
  create temp table correlating_ids on commit drop as
  with split_off as (
    select distinct a.connection_id, a.stream, a.id
    from decision_accounts a join decisions d on d.decision_id = a.decision_id
    where d.kind = 'split' and a.part = 0
  ), votes as (
    select s.root, o.was, count(*) as votes, min(case when x.id is null then o.n else o.n + 1000000000 end) as oldest
    from correlating_sets s join correlating o using (n)
      left join split_off x on x.connection_id = o.connection_id and x.stream = o.stream and x.id = o.id
    where o.was is not null group by s.root, o.was
  ), claims as (
    select distinct on (was) was, root, votes, oldest from votes order by was, votes desc, oldest
  ), kept as (
    select distinct on (root) root, was from claims left join identities i on i.identity_id = claims.was
    order by root, votes desc, i.created_at, oldest
  )
  select r.root, coalesce(k.was, gen_random_uuid()) as identity_id
  from (select distinct root from correlating_sets) r left join kept k using (root)`.execute(tx);

const writeLinks = async (tx: Sql, { tenantId, now, whole }: WriteOptions): Promise<void> => {
  await sql`
    delete from identity_links l
    where (${whole} or exists (
        select from correlating o where o.connection_id = l.connection_id and o.stream = l.stream and o.id = l.id))
      and not exists (
        select from correlating_found f join correlating o using (n)
        where f.what = 'link' and o.connection_id = l.connection_id and o.stream = l.stream and o.id = l.id)`.execute(
    tx,
  );
  await sql`
    insert into identity_links as l (tenant_id, connection_id, stream, id, rule, confidence, own_value, other_value,
      other_connection_id, other_stream, other_id, decision_id, linked_at)
    select ${tenantId}, o.connection_id, o.stream, o.id, f.rule, f.confidence, f.own_value, f.other_value,
      p.connection_id, p.stream, p.id, f.decision_id, ${now}
    from correlating_found f join correlating o using (n) join correlating p on p.n = f.other
    where f.what = 'link'
    on conflict (tenant_id, connection_id, stream, id) do update set
      rule = excluded.rule, confidence = excluded.confidence, own_value = excluded.own_value,
      other_value = excluded.other_value, other_connection_id = excluded.other_connection_id,
      other_stream = excluded.other_stream, other_id = excluded.other_id, decision_id = excluded.decision_id,
      linked_at = excluded.linked_at
    where (l.rule, l.own_value, l.other_value, l.other_connection_id, l.other_stream, l.other_id, l.decision_id)
      is distinct from (excluded.rule, excluded.own_value, excluded.other_value, excluded.other_connection_id,
        excluded.other_stream, excluded.other_id, excluded.decision_id)`.execute(tx);
};

/** Found pairs with addresses, each pair in one order whichever way it was found. */
const foundPairs = (what: 'conflict' | 'suggestion') => sql`
  select distinct on (a.connection_id, a.stream, a.id, b.connection_id, b.stream, b.id)
    a.connection_id, a.stream, a.id, b.connection_id as other_connection_id, b.stream as other_stream, b.id as other_id,
    f.rule, f.confidence,
    case when a.n = f.n then f.own_value else f.other_value end as own_value,
    case when a.n = f.n then f.other_value else f.own_value end as other_value
  from correlating_found f
    join correlating x using (n) join correlating y on y.n = f.other
    join correlating a on a.n = case when (x.connection_id, x.stream, x.id) < (y.connection_id, y.stream, y.id) then x.n else y.n end
    join correlating b on b.n = case when a.n = x.n then y.n else x.n end
  where f.what = ${what}
  order by a.connection_id, a.stream, a.id, b.connection_id, b.stream, b.id, f.confidence desc`;

const samePair = sql`f.connection_id = p.connection_id and f.stream = p.stream and f.id = p.id
  and f.other_connection_id = p.other_connection_id and f.other_stream = p.other_stream and f.other_id = p.other_id`;

const inScope = (whole: boolean) => sql`(${whole} or exists (
  select from correlating o where o.connection_id = p.connection_id and o.stream = p.stream and o.id = p.id))`;

const writeConflicts = async (tx: Sql, { tenantId, now, whole }: WriteOptions): Promise<void> => {
  await sql`delete from identity_conflicts p where ${inScope(whole)}
    and not exists (select from (${foundPairs('conflict')}) f where ${samePair})`.execute(tx);
  await sql`insert into identity_conflicts (tenant_id, connection_id, stream, id, other_connection_id, other_stream,
      other_id, rule, own_value, other_value, why, found_at)
    select ${tenantId}, f.connection_id, f.stream, f.id, f.other_connection_id, f.other_stream, f.other_id, f.rule,
      f.own_value, f.other_value,
      'Merging them would make one identity of two accounts of the same system with different employee numbers.', ${now}
    from (${foundPairs('conflict')}) f
    on conflict do nothing`.execute(tx);
};

const writeSuggestions = async (tx: Sql, { tenantId, now, whole }: WriteOptions): Promise<void> => {
  await sql`delete from suggestions p where p.state = 'open' and ${inScope(whole)}
    and not exists (select from (${foundPairs('suggestion')}) f where ${samePair})`.execute(tx);
  // What was rejected stays rejected; what was accepted is open again only when the merge was undone.
  await sql`insert into suggestions as p (tenant_id, suggestion_id, connection_id, stream, id, other_connection_id,
      other_stream, other_id, rule, confidence, own_value, other_value, suggested_at)
    select ${tenantId}, gen_random_uuid(), f.connection_id, f.stream, f.id, f.other_connection_id, f.other_stream,
      f.other_id, f.rule, f.confidence, f.own_value, f.other_value, ${now}
    from (${foundPairs('suggestion')}) f
    on conflict (tenant_id, connection_id, stream, id, other_connection_id, other_stream, other_id) do update set
      state = 'open', rule = excluded.rule, confidence = excluded.confidence, own_value = excluded.own_value,
      other_value = excluded.other_value, decided_at = null, decided_by = null
    where p.state = 'accepted' or (p.state = 'open'
      and (p.rule, p.own_value, p.other_value) is distinct from (excluded.rule, excluded.own_value, excluded.other_value))`.execute(
    tx,
  );
};
