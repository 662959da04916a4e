import type { Database } from '@gatehouse/database';
import type { Principal } from '@gatehouse/server';
import {
  type Actor,
  type Directories,
  findIdentity,
  findIdentityOfPerson,
  type Identity,
} from '../identities/index.ts';
import { toActor } from './sign-in.ts';

interface ActorParts {
  readonly database: Database;
  readonly directories: Directories;
}

/**
 * The identity that is linked with whoever is signed in to the pages; null where there is none, it is disabled, or the
 * command line calls, which is nobody's identity.
 * @throws Fault where the domain that knows its groups does not answer
 */
export const actorOfPerson = async (parts: ActorParts, principal: Principal): Promise<Actor | null> => {
  if (principal.kind !== 'person') return null;
  return toActorOf(parts, await parts.database.system((tx) => findIdentityOfPerson(tx, principal.personId)));
};

/** An identity with everything that it holds; null where there is none, or it is disabled. @throws Fault likewise */
export const actorOfIdentity = async (parts: ActorParts, identityId: string): Promise<Actor | null> =>
  toActorOf(parts, await parts.database.system((tx) => findIdentity(tx, identityId)));

const toActorOf = async ({ database, directories }: ActorParts, identity: Identity | null): Promise<Actor | null> => {
  if (identity === null) return null;
  const groups = identity.kind === 'domain_user' ? await directories.groupsOf(identity.name) : [];
  return database.system((tx) => toActor(tx, identity.name, groups));
};
