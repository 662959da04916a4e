import type { Sql } from '@gatehouse/database';
import { newId, type PersonId, Secret } from '@gatehouse/kernel';
import {
  addPerson,
  deletePerson,
  type FieldError,
  forgiveSignIns,
  keepAdministrator,
  refusePassword,
  setPassword,
  switchPerson,
} from '@gatehouse/server';
import { sql } from 'kysely';
import type { ObjectRow } from '../api/shape.ts';
import { user } from '../api/users.ts';
import { type Kind, Refusal } from '../objects/index.ts';

/** People of the site. Names, addresses and passwords are kept by the sign-in; what only a site knows is beside it. */
export const users: Kind = {
  shape: user,
  noun: 'user',
  reads: 'site_users',
  search: ['username', 'public_display_name', 'email_address'],
  check: async (tx, next, before) => [...(await refuseNames(tx, next, before)), ...passwordErrors(next)],
  insert: async (tx, values) => {
    const personId = await addPerson(tx, {
      ...{ name: String(values.public_display_name), email: addressOf(values), systemAdministrator: false },
    });
    if (personId === null) throw new Refusal([{ field: 'email_address', message: 'This is taken already.' }]);
    const { rows } = await sql<{ id: number }>`
      select id from users where person_id = ${personId}`.execute(tx);
    const id = rows[0]?.id ?? 0;
    await store(tx, id, personId, { username: values.email_address, ...values, failed_logins: undefined });
    return id;
  },
  update: (tx, before, given) =>
    keepAdministrator(tx, () => store(tx, Number(before.id), before.person_id as PersonId, given, before)),
  remove: async (tx, before) => {
    if (before.perm_admin === true) throw new Refusal([], 'Administrators cannot be deleted.');
    await deletePerson(tx, before.person_id as PersonId);
  },
};

/** Writes what was given where it belongs; the password first, because it fulfils what the others may ask for. */
const store = async (tx: Sql, id: number, personId: PersonId, given: ObjectRow, before?: ObjectRow): Promise<void> => {
  if (typeof given.password === 'string') await setPassword(tx, personId, new Secret(given.password));
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && own.has(name))
      await sql`update users set ${sql.ref(name)} = ${value} where id = ${id}`.execute(tx);
  }
  if (given.public_display_name !== undefined)
    await sql`update people set name = ${given.public_display_name}, updated_at = now() where id = ${personId}`.execute(
      tx,
    );
  if (typeof given.email_address === 'string' && before !== undefined)
    await sql`update people set email = ${given.email_address.trim().toLowerCase()}, updated_at = now()
      where id = ${personId}`.execute(tx);
  if (typeof given.enabled === 'boolean') await switchPerson(tx, personId, given.enabled);
  if (given.failed_logins === 0 && before !== undefined) await forgiveSignIns(tx, String(before.sign_in_name));
};

/** Columns of `users` itself. */
const own = new Set([
  'username',
  'preferred_email_language',
  'two_factor_required',
  'password_expiration',
  'password_reset_next_login',
]);

const refuseNames = async (tx: Sql, next: ObjectRow, before: ObjectRow | null): Promise<readonly FieldError[]> => {
  const errors: FieldError[] = [];
  if (before === null && next.username === undefined && next.email_address === undefined)
    errors.push({ field: 'username', message: 'Enter a user name or an e-mail address.' });
  if (before !== null && next.failed_logins !== before.failed_logins && next.failed_logins !== 0)
    errors.push({ field: 'failed_logins', message: 'This can only be set to 0.' });
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from users where lower(username) = lower(${next.username ?? ''}::text)
      and id <> ${before?.id ?? 0}::int) as taken`.execute(tx);
  if (rows[0]?.taken) errors.push({ field: 'username', message: 'This is taken already.' });
  return [...errors, ...(await refuseAddress(tx, next, before))];
};

const refuseAddress = async (tx: Sql, next: ObjectRow, before: ObjectRow | null): Promise<readonly FieldError[]> => {
  const { rows } = await sql<{ taken: boolean }>`
    select exists (select from people where email = lower(${next.email_address ?? ''}::text)
      and id <> ${before?.person_id ?? ''}::text) as taken`.execute(tx);
  return rows[0]?.taken ? [{ field: 'email_address', message: 'This is taken already.' }] : [];
};

const passwordErrors = (next: ObjectRow): readonly FieldError[] =>
  typeof next.password === 'string'
    ? refusePassword('password', next.password, {
        email: String(next.email_address ?? next.username ?? ''),
        name: String(next.public_display_name ?? ''),
      })
    : [];

/** What somebody without an e-mail address signs in with; no mail can reach a name below `.invalid`. */
const addressOf = ({ email_address, username }: ObjectRow): string => {
  if (typeof email_address === 'string') return email_address;
  const name = String(username ?? '').toLowerCase();
  return `${/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/.test(name) && !name.includes('..') ? name : `user-${newId<string>()}`}@users.invalid`;
};
