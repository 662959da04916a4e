import { type Kysely, sql } from 'kysely';

/**
 * What breaks the rules of tenant-owned tables, one sentence each; empty is good. A table is tenant-owned when it has a
 * column tenant_id: that comes first in the primary key and in every unique and foreign key, row-level security is on,
 * and at least one policy for the tenant role speaks of the tenant of the transaction.
 */
export const checkCatalogue = async (owner: Kysely<unknown>): Promise<readonly string[]> => {
  const { rows } = await sql<{ problem: string }>`
    with owned as (
      select c.oid, c.relname, c.relrowsecurity, a.attnum, a.attnotnull
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
    )
    select owned.relname || ' has no primary key' as problem from owned
      where not exists (select from pg_index i where i.indrelid = owned.oid and i.indisprimary)
    union all
    select owned.relname || ' allows rows without a tenant' from owned where not attnotnull
    union all
    select owned.relname || ': the key ' || k.relname || ' does not begin with tenant_id'
      from owned join pg_index i on i.indrelid = owned.oid and i.indisunique join pg_class k on k.oid = i.indexrelid
      where i.indkey[0] <> owned.attnum
    union all
    select owned.relname || ': the foreign key ' || f.conname || ' does not begin with tenant_id'
      from owned join pg_constraint f on f.conrelid = owned.oid and f.contype = 'f'
      where f.conkey[1] <> owned.attnum
    union all
    select f.conrelid::regclass || ': the foreign key ' || f.conname || ' refers to ' || owned.relname || ' without its tenant'
      from owned join pg_constraint f on f.confrelid = owned.oid and f.contype = 'f'
      where not owned.attnum = any(f.confkey)
    union all
    select owned.relname || ' has no row-level security' from owned where not relrowsecurity
    union all
    select owned.relname || ' has no policy on the tenant of the transaction' from owned
      where not exists (
        select from pg_policies p where p.schemaname = 'public' and p.tablename = owned.relname
          and p.qual like '%gatehouse.tenant%' and p.qual like '%tenant_id%'
      )
    union all
    select owned.relname || ': the policy ' || p.policyname || ' does not look at the tenant' from owned
      join pg_policies p on p.schemaname = 'public' and p.tablename = owned.relname
      where coalesce(p.qual, p.with_check) not like '%gatehouse.tenant%'
    order by 1`.execute(owner);
  return rows.map(({ problem }) => problem);
};
