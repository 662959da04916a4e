import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** Whether the words of a session are kept still; false, too, where there is no such session. */
export const isChatThere = async (tx: Sql, lsid: string): Promise<boolean> => {
  const { rows } = await sql`
    select from support_sessions where lsid = ${lsid} and chat_removed_at is null`.execute(tx);
  return rows.length === 1;
};
