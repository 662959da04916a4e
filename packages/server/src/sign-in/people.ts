import type { Sql } from '@gatehouse/database';
import { newId, type PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** A person who may sign in. People belong to the program, not to a tenant: read them in a system transaction. */
export interface Person {
  readonly personId: PersonId;
  readonly name: string;
  readonly email: string;
  readonly systemAdministrator: boolean;
  /** Has a second factor or a passkey. */
  readonly twoFactor: boolean;
  /** Has an authenticator app, whatever else. */
  readonly authenticator: boolean;
  /** Null until the person signed in, or when every sign-in of theirs has ended and been cleaned away. */
  readonly lastSignInAt: Date | null;
  /** Has a way to sign in already; false while an invitation waits. */
  readonly welcomed: boolean;
}

const columns = sql`
  p.id as "personId", p.name, p.email, p.system_administrator as "systemAdministrator", p.last_sign_in_at as "lastSignInAt",
  p.two_factor_enabled or exists (select from passkeys k where k.person_id = p.id) as "twoFactor",
  p.two_factor_enabled as authenticator,
  exists (select from sign_in_methods m where m.person_id = p.id) as welcomed`;

/** Those of `personIds` that exist, in no order. */
export const findPeople = async (tx: Sql, personIds: readonly string[]): Promise<readonly Person[]> =>
  (await sql<Person>`select ${columns} from people p where p.id = any(${personIds}::text[])`.execute(tx)).rows;

export const findPersonByEmail = async (tx: Sql, email: string): Promise<Person | null> =>
  (await sql<Person>`select ${columns} from people p where p.email = ${toEmail(email)}`.execute(tx)).rows[0] ?? null;

/** Those whose address comes after `after`, in the order of addresses. */
export const listPeople = async (tx: Sql, after: string, limit: number): Promise<readonly Person[]> =>
  (
    await sql<Person>`select ${columns} from people p where p.email > ${after} order by p.email limit ${limit}`.execute(
      tx,
    )
  ).rows;

/** Null when the address is taken: two invitations at once make one person. */
export const addPerson = async (
  tx: Sql,
  person: { name: string; email: string; systemAdministrator: boolean },
): Promise<PersonId | null> => {
  const id = newId<PersonId>();
  // The address is verified by whoever invites: they send the link there.
  const { rows } = await sql<{ id: PersonId }>`
    insert into people (id, name, email, email_verified, system_administrator, created_at, updated_at)
    values (${id}, ${person.name}, ${toEmail(person.email)}, true, ${person.systemAdministrator}, now(), now())
    on conflict (email) do nothing returning id`.execute(tx);
  return rows[0]?.id ?? null;
};

/** True once somebody can sign in as a system administrator. */
export const hasAdministrator = async (tx: Sql): Promise<boolean> =>
  (
    await sql<{ found: boolean }>`
      select exists (
        select from people p where p.system_administrator and not p.disabled
          and (exists (select from sign_in_methods m where m.person_id = p.id) or exists (select from passkeys k where k.person_id = p.id))
      ) as found`.execute(tx)
  ).rows[0]?.found ?? false;

export const toEmail = (email: string): string => email.trim().toLowerCase();
