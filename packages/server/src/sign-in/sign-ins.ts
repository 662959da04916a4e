import type { Database } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** One browser that is signed in. The token of its cookie is never read here. */
export interface SignIn {
  readonly signInId: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly browser: string | null;
}

/** Newest first, at most 200. */
export const listSignIns = async (database: Database, personId: PersonId): Promise<readonly SignIn[]> =>
  (
    await sql<SignIn>`
      select id as "signInId", created_at as "createdAt", updated_at as "lastUsedAt", expires_at as "expiresAt",
        ip_address as address, user_agent as browser
      from sign_ins where person_id = ${personId} and expires_at > now() order by created_at desc, id limit 200`.execute(
      database.owner,
    )
  ).rows;

export const endSignIn = async (database: Database, signInId: string): Promise<void> => {
  await sql`delete from sign_ins where id = ${signInId}`.execute(database.owner);
};
