import type { Database, Sql } from '@gatehouse/database';
import { type Act, problems, type Request } from '@gatehouse/server';
import { type DeskPerson, findBySignIn, type Role } from './store.ts';

/** Who is asking, and what they are at this desk. The operator of this machine is a manager and nobody of the desk. */
export interface Caller {
  readonly act: Act;
  readonly person: DeskPerson | null;
  readonly role: Role;
}

const rank: Readonly<Record<Role, number>> = { customer: 0, technician: 1, manager: 2 };
const words = { technician: 'Only those who work at the desk may do this.', manager: 'Only a manager may do this.' };

/** The role is read at every request, so that what a manager takes away is gone at once. @throws Problem 403 */
export const permit = async (database: Database, request: Request, least: Role): Promise<Caller> => {
  const caller = await database.read((tx) => callerOf(tx, request.act));
  if (rank[caller.role] < rank[least]) throw problems.forbidden(words[least === 'customer' ? 'technician' : least]);
  return caller;
};

/** Before anything of a request is read: for routes that are of one role altogether. */
export const only =
  (database: Database, least: Role) =>
  async (request: Request): Promise<void> => {
    await permit(database, request, least);
  };

const callerOf = async (tx: Sql, act: Act): Promise<Caller> => {
  const { principal } = act;
  if (principal.kind === 'operator') return { act, person: null, role: 'manager' };
  const person = await findBySignIn(tx, principal.personId);
  // Whoever was deleted a moment ago is nobody here.
  if (person === null) throw problems.signInFirst();
  return { act, person, role: person.role };
};
