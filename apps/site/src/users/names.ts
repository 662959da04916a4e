import type { Sql } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { type Principal, problems } from '@gatehouse/server';
import { sql } from 'kysely';

/** As this user signs in to other systems: `user1`, `DOMAIN\username` or `username@domain`. Null: there is none. */
export const findUsername = async (tx: Sql, userId: number): Promise<string | null> => {
  const { rows } = await sql<{ username: string }>`select username from users where id = ${userId}`.execute(tx);
  return rows[0]?.username ?? null;
};

export interface UserName {
  readonly id: number;
  readonly username: string;
  readonly name: string;
}

/** The user that a person who is signed in is. */
export const findUserOf = async (tx: Sql, personId: PersonId): Promise<UserName | null> => {
  const { rows } = await sql<UserName>`
    select id, username, public_display_name as name from site_users where person_id = ${personId}`.execute(tx);
  return rows[0] ?? null;
};

/** The user who asks, because what they ask for is somebody's own. @throws Problem 403 for the command line */
export const requireUser = async (tx: Sql, { principal }: { readonly principal: Principal }): Promise<UserName> => {
  if (principal.kind !== 'person') throw problems.forbidden('This is for people who are signed in.');
  const user = await findUserOf(tx, principal.personId);
  if (user === null) throw problems.notFound();
  return user;
};

/** Users that a program names, by user name or by the name that they sign in with; more than one where it is not clear. */
export const findNamed = async (tx: Sql, username: string): Promise<readonly UserName[]> => {
  const { rows } = await sql<UserName>`
    select id, username, public_display_name as name from site_users
    where enabled and (lower(username) = lower(${username}) or lower(sign_in_name) = lower(${username}))
    order by id limit 2`.execute(tx);
  return rows;
};
