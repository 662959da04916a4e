import type { Database } from '@gatehouse/database';
import { sql } from 'kysely';

/**
 * Tells the planner what a read has brought in. The steps after reading join tables that were empty a moment ago;
 * planned for empty tables they would take hours, and autovacuum comes a minute too late.
 */
export const refreshStatistics = (database: Database): Promise<void> =>
  database.system(async (tx) => {
    const stale = await sql<{ name: string }>`
      select s.relname as name
      from pg_stat_user_tables s join pg_class c on c.oid = s.relid
      where s.schemaname = 'public'
        and (c.reltuples < 0 or s.n_mod_since_analyze > greatest(500, c.reltuples * 0.1))
      order by s.relname`.execute(tx);
    for (const { name } of stale.rows) await sql`analyze ${sql.id(name)}`.execute(tx);
  });

/**
 * Some indexes put new entries aside, because sorting each one in would cost a read more than its row. Until they are
 * sorted in, whoever asks the index looks through them one by one.
 */
export const mergeIndexes = (database: Database): Promise<void> =>
  database.system(async (tx) => {
    await sql`
      select gin_clean_pending_list(c.oid) from pg_class c
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'i'
        and exists (select from unnest(c.reloptions) as option where option like 'gin_pending_list_limit=%')`.execute(
      tx,
    );
  });
