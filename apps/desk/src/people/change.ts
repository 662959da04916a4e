import type { Sql } from '@gatehouse/database';
import { type Act, audit, findPersonByEmail, problems, type Server } from '@gatehouse/server';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { DeskPersonChange, DeskPersonInput } from '../api/people.ts';
import { invalid } from '../problems.ts';
import {
  type DeskPerson,
  deletePerson,
  findBySignIn,
  findPerson,
  insertCustomer,
  isTaken,
  saidRole,
  updatePerson,
} from './store.ts';

const taken = () => invalid('login', 'This is taken already.');

/** A customer, or somebody who is invited to work here. */
export const addPerson = async (
  server: Server,
  tx: Sql,
  act: Act,
  { name, email, login, role }: z.output<typeof DeskPersonInput>,
): Promise<{ readonly person: DeskPerson; readonly link: string | null }> => {
  if (role !== 'customer') return invite(server, tx, act, { name, email, login, role });
  const wanted = login ?? email?.toLowerCase();
  if (wanted === undefined) throw invalid('login', 'Enter a login or an e-mail address.');
  const id = await insertCustomer(tx, { name, email, login: wanted });
  if (id === null) throw login === undefined ? invalid('email', 'This is taken already.') : taken();
  await audit(tx, act, { action: 'person.create', target: wanted, change: { name, email, role } });
  return { person: await getPerson(tx, id), link: null };
};

const invite = async (
  server: Server,
  tx: Sql,
  act: Act,
  { name, email, login, role }: z.output<typeof DeskPersonInput>,
) => {
  if (email === null) throw invalid('email', 'Whoever signs in needs an e-mail address.');
  // A link for somebody who is there already would let a manager in as them.
  if ((await findPersonByEmail(tx, email)) !== null)
    throw invalid('email', 'They are invited already. Change what they may do instead.');
  const { personId, link } = await server.invitePerson(tx, act, { name, email });
  const made = await findBySignIn(tx, personId);
  if (made === null) throw problems.conflict('This person was deleted at the same moment. Try again.');
  if (login !== undefined && (await isTaken(tx, login, made.id))) throw taken();
  await updatePerson(tx, { ...made, login: login ?? made.login, role });
  await audit(tx, act, { action: 'person.change', target: made.login, change: { role, login: login ?? made.login } });
  return { person: await getPerson(tx, made.id), link };
};

export const changePerson = async (
  tx: Sql,
  act: Act,
  key: string,
  change: z.output<typeof DeskPersonChange>,
): Promise<DeskPerson> => {
  const before = await getPerson(tx, key);
  await sql`select from desk_people where person_id = ${before.id} for update`.execute(tx);
  const { name = before.name, email = before.email, login = before.login } = change;
  if (before.signInId !== null && (name !== before.name || email !== before.email))
    throw invalid(
      name === before.name ? 'email' : 'name',
      'Whoever signs in keeps their name and address on their own page.',
    );
  const said = await saidRole(tx, before.id);
  const role = change.role ?? said;
  if (before.signInId === null && role !== said && role !== 'customer')
    throw invalid('role', 'Invite them first: they do not sign in.');
  if (await isTaken(tx, login, before.id)) throw taken();
  await updatePerson(tx, { id: before.id, name, email, login, role });
  await audit(tx, act, {
    ...{ action: 'person.change', target: before.login },
    change: { ...change, before: { name: before.name, email: before.email, login: before.login, role: said } },
  });
  return getPerson(tx, before.id);
};

export const removePerson = async (tx: Sql, act: Act, key: string): Promise<void> => {
  const { id, login, signInId } = await getPerson(tx, key);
  if (signInId !== null) throw problems.conflict('They can sign in. A system administrator removes the sign-in first.');
  const { rows } = await sql<{ number: string }>`
    select number from cases where requester_id = ${id} or assignee_id = ${id} limit 3`.execute(tx);
  if (rows.length > 0)
    throw problems.conflict(
      `They have cases, such as ${rows.map(({ number }) => number).join(', ')}. Change those first.`,
    );
  await deletePerson(tx, id);
  await audit(tx, act, { action: 'person.delete', target: login });
};

const getPerson = async (tx: Sql, key: string): Promise<DeskPerson> => {
  const person = await findPerson(tx, key);
  if (person === null) throw problems.notFound();
  return person;
};
