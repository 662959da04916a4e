import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@gatehouse/database';
import type { PersonId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Act } from '../access.ts';
import { audit } from '../audit.ts';
import { problems } from '../problem.ts';
import { hashToken, newToken } from '../tokens.ts';
import { hashPassword, refusePassword } from './passwords.ts';
import { addPerson, findPeople, findPersonByEmail, hasAdministrator } from './people.ts';
import { keepPassword } from './people-changes.ts';

export interface WelcomeParts {
  readonly database: Database;
  readonly baseUrl: () => string;
  /** How long a link works. */
  readonly welcomeMs: number;
}

export interface Invited {
  readonly personId: PersonId;
  /** Null when the person can sign in already and needs no link. */
  readonly link: string | null;
}

/**
 * A link that makes the first administrator; null once there is one. Works once and until `welcomeMs` have passed.
 * Only the hash of its token is stored.
 */
export const firstAdministratorLink = ({ database, baseUrl, welcomeMs }: WelcomeParts): Promise<string | null> =>
  database.system(async (tx) => ((await hasAdministrator(tx)) ? null : addLink(tx, baseUrl(), welcomeMs, null)));

/**
 * Makes the person when there is none with this address, in the caller's system transaction. Asking again for one who
 * never came makes a new link and ends the old one.
 */
export const invitePerson = async (
  { baseUrl, welcomeMs }: WelcomeParts,
  tx: Sql,
  act: Act,
  { email, name }: { email: string; name?: string | undefined },
): Promise<Invited> => {
  const added = await addPerson(tx, { email, name: name ?? email.split('@')[0] ?? email, systemAdministrator: false });
  const person = added === null ? await findPersonByEmail(tx, email) : null;
  const personId = added ?? person?.personId;
  if (personId === undefined) throw problems.conflict('This person was deleted at the same moment. Try again.');
  if (person?.welcomed) return { personId, link: null };
  await sql`delete from welcome_links where person_id = ${personId} and used_at is null`.execute(tx);
  const link = await addLink(tx, baseUrl(), welcomeMs, personId);
  await audit(tx, act, { action: 'person.invite', target: email });
  return { personId, link };
};

/** A new link for a person who lost the password. Using it sets a new password and ends every sign-in of theirs. */
export const renewLink = async (
  { baseUrl, welcomeMs }: WelcomeParts,
  tx: Sql,
  act: Act,
  personId: PersonId,
): Promise<string> => {
  const [person] = await findPeople(tx, [personId]);
  if (!person) throw problems.notFound();
  await sql`delete from welcome_links where person_id = ${personId} and used_at is null`.execute(tx);
  const link = await addLink(tx, baseUrl(), welcomeMs, personId);
  await audit(tx, act, { action: 'person.link', target: person.email });
  return link;
};

const addLink = async (tx: Sql, baseUrl: string, welcomeMs: number, personId: PersonId | null): Promise<string> => {
  const token = newToken('ghw_');
  await sql`
    insert into welcome_links (link_id, token_hash, kind, person_id, expires_at)
    values (${randomUUID()}, ${hashToken(token.reveal())}, ${personId === null ? 'first-administrator' : 'invitation'}, ${personId},
      now() + make_interval(secs => ${welcomeMs / 1_000}))`.execute(tx);
  return `${baseUrl}/welcome#${token.reveal()}`;
};

/** What a link is for. `email` is null for the first administrator, who enters one. */
export interface Welcome {
  readonly linkId: string;
  readonly personId: PersonId | null;
  readonly name: string | null;
  readonly email: string | null;
}

/** Null for a link that never was, was used or has ended, and for the first administrator's once there is one. */
export const findWelcome = async (tx: Sql, token: string): Promise<Welcome | null> => {
  const { rows } = await sql<Welcome>`
    select w.link_id as "linkId", w.person_id as "personId", p.name, p.email
    from welcome_links w left join people p on p.id = w.person_id
    where w.token_hash = ${hashToken(token)} and w.used_at is null and w.expires_at > now()
    for update of w`.execute(tx);
  const found = rows[0];
  if (!found) return null;
  if (found.personId !== null) return found;
  // One at a time: two links of two starts must not make two first administrators.
  await sql`select pg_advisory_xact_lock(${firstAdministratorLock})`.execute(tx);
  return (await hasAdministrator(tx)) ? null : found;
};

const firstAdministratorLock = 0x66697273;

export interface Accepted {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  /** Needed for the first administrator, ignored otherwise. */
  readonly email?: string | undefined;
}

/** Uses the link: from now on the person signs in with this password. Resolves with their address. */
export const acceptWelcome = async (database: Database, accepted: Accepted, correlationId: string): Promise<string> => {
  // Looked up first, so that a stranger cannot make the server hash passwords.
  const before = await database.system((tx) => findWelcome(tx, accepted.token));
  if (!before) throw problems.notFound();
  const email = before.email ?? accepted.email;
  if (email === undefined) throw problems.invalid([{ field: 'email', message: 'Enter your e-mail address.' }]);
  const refused = refusePassword('password', accepted.password, { email, name: accepted.name });
  if (refused.length > 0) throw problems.invalid(refused);
  const password = await hashPassword(accepted.password);

  return database.system(async (tx) => {
    const welcome = await findWelcome(tx, accepted.token);
    if (!welcome) throw problems.notFound();
    await sql`update welcome_links set used_at = now() where link_id = ${welcome.linkId}`.execute(tx);
    const personId = welcome.personId ?? (await addFirstAdministrator(tx, accepted.name, email));
    await sql`update people set name = ${accepted.name}, updated_at = now() where id = ${personId}`.execute(tx);
    await keepPassword(tx, personId, password);
    const principal = {
      kind: 'person',
      personId,
      name: accepted.name,
      email,
      systemAdministrator: welcome.personId === null,
    } as const;
    await audit(tx, { principal, correlationId }, { action: 'person.welcome', target: email });
    return email;
  });
};

const addFirstAdministrator = async (tx: Sql, name: string, email: string): Promise<PersonId> => {
  const added = await addPerson(tx, { name, email, systemAdministrator: true });
  if (added !== null) return added;
  // Somebody was invited before the first administrator came: the same person, now in charge.
  const { rows } = await sql<{ id: PersonId }>`
    update people set system_administrator = true where email = ${email.trim().toLowerCase()} returning id`.execute(tx);
  const id = rows[0]?.id;
  if (id === undefined) throw problems.conflict('This person was deleted at the same moment. Try again.');
  return id;
};
