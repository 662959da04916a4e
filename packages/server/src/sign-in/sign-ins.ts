import type { Database } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Person } from './people.ts';

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

/** Whose sign-in it is; null once it has ended. `lifetimeMs` is the longest one may last. */
export const findSignedIn = async (
  database: Database,
  signInId: string,
  lifetimeMs: number,
): Promise<Pick<Person, 'personId' | 'name' | 'email' | 'systemAdministrator'> | null> => {
  const { rows } = await sql<Pick<Person, 'personId' | 'name' | 'email' | 'systemAdministrator'>>`
    select p.id as "personId", p.name, p.email, p.system_administrator as "systemAdministrator"
    from sign_ins s join people p on p.id = s.person_id
    where s.id = ${signInId} and not p.disabled and s.expires_at > now() and s.created_at > now() - ${lifetimeMs} * interval '1 millisecond'`.execute(
    database.owner,
  );
  return rows[0] ?? null;
};

export const endSignIn = async (database: Database, signInId: string): Promise<void> => {
  await sql`delete from sign_ins where id = ${signInId}`.execute(database.owner);
};
