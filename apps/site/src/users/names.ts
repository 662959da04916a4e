import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

/** As this user signs in to other systems: `user1`, `DOMAIN\username` or `username@domain`. Null: there is none. */
export const findUsername = async (tx: Sql, userId: number): Promise<string | null> => {
  const { rows } = await sql<{ username: string }>`select username from users where id = ${userId}`.execute(tx);
  return rows[0]?.username ?? null;
};
