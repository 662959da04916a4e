import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** How many sessions of a connection need somebody, and when it last heard of one. */
export const countDead = async (
  tx: Sql,
  connectionId: string,
): Promise<{ dead: number; lastEventAt: string | null }> => {
  const { rows } = await sql<{ dead: number; last: Date | null }>`
    select (select count(*)::int from desk_sessions where connection_id = ${connectionId} and dead_at is not null) as dead,
      (select max(received_at) from inbound_events where connection_id = ${connectionId}) as last`.execute(tx);
  return { dead: rows[0]?.dead ?? 0, lastEventAt: rows[0]?.last?.toISOString() ?? null };
};
