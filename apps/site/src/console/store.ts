import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { JumpItemId } from '../ecm/index.ts';

export interface Use {
  /** When a user last opened a session with it. */
  readonly lastUsedAt: Date | null;
  readonly live: number;
}

/** How items are used, by `type id`. */
export const findUses = async (
  tx: Sql,
  userId: number,
  items: readonly JumpItemId[],
): Promise<ReadonlyMap<string, Use>> => {
  const { rows } = await sql<Use & JumpItemId>`
    select i.type, i.id, (select s.requested_at from sessions s where s.item_type = i.type and s.item_id = i.id
        and s.user_id = ${userId} order by s.session_id desc limit 1) as "lastUsedAt",
      (select count(*)::int from sessions s where s.item_type = i.type and s.item_id = i.id and s.state <> 'ended') as live
    from jsonb_to_recordset(${JSON.stringify(items)}::jsonb) as i(type text, id int)`.execute(tx);
  return new Map(rows.map((row) => [`${row.type} ${row.id}`, row]));
};

/** What this user opened a session with last; null: none, or typed. */
export const findLastCredential = async (tx: Sql, userId: number, item: JumpItemId): Promise<string | null> => {
  const { rows } = await sql<{ credential: string | null }>`
    select credential from sessions where user_id = ${userId} and item_type = ${item.type} and item_id = ${item.id}
      and opened_at is not null order by session_id desc limit 1`.execute(tx);
  return rows[0]?.credential ?? null;
};
