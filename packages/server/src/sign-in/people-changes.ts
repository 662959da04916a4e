import type { Sql } from '@gatehouse/database';
import { newId, type PersonId, type Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { problems } from '../problem.ts';
import { hashPassword } from './passwords.ts';
import { hasAdministrator } from './people.ts';

/**
 * Does `work` in the caller's system transaction and refuses it, all of it, when nobody would be left who can sign in as
 * a system administrator.
 */
export const keepAdministrator = async <T>(tx: Sql, work: () => Promise<T>): Promise<T> => {
  // Two administrators who remove each other at once must not both succeed.
  await sql`select id from people where system_administrator order by id for update`.execute(tx);
  const had = await hasAdministrator(tx);
  const done = await work();
  if (had && !(await hasAdministrator(tx)))
    throw problems.conflict('This is the last system administrator who can sign in. Make somebody else one first.');
  return done;
};

/** What this person signs in with from now on. Every sign-in of theirs ends; `refusePassword` comes before. */
export const setPassword = async (tx: Sql, personId: PersonId, password: Secret): Promise<void> =>
  keepPassword(tx, personId, await hashPassword(password.reveal()));

/** The same with a hash that was made before the transaction began. */
export const keepPassword = async (tx: Sql, personId: PersonId, hashed: string): Promise<void> => {
  await sql`delete from sign_in_methods where person_id = ${personId} and provider_id = 'credential'`.execute(tx);
  await sql`
    insert into sign_in_methods (id, person_id, account_id, provider_id, password, created_at, updated_at)
    values (${newId()}, ${personId}, ${personId}, 'credential', ${hashed}, now(), now())`.execute(tx);
  await sql`delete from sign_ins where person_id = ${personId}`.execute(tx);
};

/** Off: sign-ins end, API keys and passwords open nothing until the person is switched on again. */
export const switchPerson = async (tx: Sql, personId: PersonId, enabled: boolean): Promise<void> => {
  await sql`update people set disabled = ${!enabled}, updated_at = now() where id = ${personId}`.execute(tx);
  if (!enabled) await sql`delete from sign_ins where person_id = ${personId}`.execute(tx);
};

/** With every sign-in, key and second factor of theirs. */
export const deletePerson = async (tx: Sql, personId: PersonId): Promise<void> => {
  await sql`delete from people where id = ${personId}`.execute(tx);
};
