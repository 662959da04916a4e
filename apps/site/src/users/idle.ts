import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Minutes without use after which a user leaves a session, by their group policy or else the site; null: never. */
export const findIdleMinutes = async (tx: Sql, userId: number): Promise<number | null> => {
  const { rows } = await sql<{ seconds: number }>`
    select case u.perm_session_idle_timeout when -1 then o.session_idle_seconds else u.perm_session_idle_timeout end as seconds
    from site_users u cross join site_options o where u.id = ${userId}`.execute(tx);
  const seconds = rows[0]?.seconds ?? 0;
  return seconds === 0 ? null : seconds / 60;
};
