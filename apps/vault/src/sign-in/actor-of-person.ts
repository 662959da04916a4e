import type { Database } from '@gatehouse/database';
import type { Principal } from '@gatehouse/server';
import { type Actor, type Directories, findIdentityOfPerson } from '../identities/index.ts';
import { toActor } from './sign-in.ts';

/**
 * The identity that is linked with whoever is signed in to the pages; null where there is none, it is disabled, or the
 * command line calls, which is nobody's identity.
 * @throws Fault where the domain that knows its groups does not answer
 */
export const actorOfPerson = async (
  { database, directories }: { readonly database: Database; readonly directories: Directories },
  principal: Principal,
): Promise<Actor | null> => {
  if (principal.kind !== 'person') return null;
  const identity = await database.system((tx) => findIdentityOfPerson(tx, principal.personId));
  if (identity === null) return null;
  const groups = identity.kind === 'domain_user' ? await directories.groupsOf(identity.name) : [];
  return database.system((tx) => toActor(tx, identity.name, groups));
};
