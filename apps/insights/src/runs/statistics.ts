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
