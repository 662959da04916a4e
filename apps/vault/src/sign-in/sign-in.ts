import type { Database, Sql } from '@gatehouse/database';
import type { Clock, Secret } from '@gatehouse/kernel';
import { hashPassword, verifyPassword } from '@gatehouse/server';
import type { Audit, Author } from '../audit/index.ts';
import { globalRightsOf, mayImpersonate } from '../delegation/index.ts';
import {
  type Actor,
  type Directories,
  type DomainAccount,
  findGroups,
  findIdentityByName,
  findPasswordHash,
  findSecondFactor,
  type Identity,
  isSomebody,
  listHeld,
  placeOfIdentity,
  stepOf,
  useStep,
} from '../identities/index.ts';
import { type Envelope, openSecret } from '../keys/index.ts';
import { Refusal } from '../refusal.ts';
import { blockedFor, forgetFailures, noteFailure } from './failed-logins.ts';
import { makeToken } from './tokens.ts';

export interface SignInParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly directories: Directories;
  readonly envelope: Envelope;
}

/** What a caller of the web services proves itself with. */
export interface Login {
  readonly username: string;
  readonly password: Secret;
  /** A domain whose account it is; null: an explicit identity. */
  readonly domain: string | null;
  /** Of an explicit identity with a second factor; null: none was sent. */
  readonly code: string | null;
  readonly registrationId: string | null;
  readonly address: string | null;
  readonly correlationId: string;
}

export interface SignedIn {
  readonly token: Secret;
  readonly expiresAt: Date;
  readonly actor: Actor;
}

/**
 * Signs an identity in. An unknown name, a wrong password or code, an identity that is disabled or may not log in: all the
 * same, and all take as long.
 * @throws Refusal `not_signed_in`, `slow_down`, and `invalid` for a code that nothing looks at; Fault where a domain does not answer
 */
export const signIn = async (parts: SignInParts, login: Login): Promise<SignedIn> => {
  const { database, clock, audit, directories } = parts;
  const shown = login.domain === null ? login.username : `${login.domain}\\${login.username}`;
  const waitMs = await database.system((tx) => blockedFor(tx, shown, clock.now()));
  if (waitMs > 0) throw slowDown(waitMs);
  const proved =
    login.domain === null
      ? await proveExplicit(database, login)
      : await proveDomain(directories, login.domain, login.username, login.password);
  const signedIn = await database.system(async (tx) => {
    const actor = proved && (await toActor(tx, proved.name, proved.groups));
    const by = authorOf(actor?.identity.name ?? shown, null, login);
    if (actor === null || !(await globalRightsOf(tx, actor)).logIn || !(await proveCode(tx, parts, actor, login))) {
      await noteFailure(tx, shown, clock.now());
      await audit.write(tx, by, {
        ...{ event: 'EVENT_ID_WEBAPP_LOGIN_FAILED', target: shown, succeeded: false },
        message: `login failed for ${shown}`,
      });
      return null;
    }
    await forgetFailures(tx, shown);
    const made = await makeToken(
      tx,
      {
        ...{ identityId: actor.identity.identityId, impersonatorId: null, groups: groupsIn(actor) },
        ...{ registrationId: login.registrationId, address: login.address, correlationId: login.correlationId },
      },
      clock.now(),
    );
    await audit.write(tx, by, {
      ...{ event: 'EVENT_ID_WEBAPP_LOGIN', target: actor.identity.name, message: `${actor.identity.name} logged in` },
    });
    return { ...made, actor };
  });
  if (signedIn === null)
    throw new Refusal('not_signed_in', 'The name, the password or its code is wrong, or may not log in.');
  return signedIn;
};

/**
 * A token that acts as somebody else. It takes an impersonation mapping of something that the caller holds to that
 * identity, or to a role or group of it. A token that acts as another impersonates nobody.
 * @throws Refusal `not_permitted`, the same for names that nobody has
 */
export const impersonate = async (
  parts: SignInParts,
  caller: Actor,
  of: {
    readonly name: string;
    readonly comment: string;
    readonly registrationId: string | null;
    readonly address: string | null;
    readonly correlationId: string;
  },
): Promise<SignedIn> => {
  const { database, clock, audit, directories } = parts;
  const known = await database.system((tx) => findIdentityByName(tx, of.name));
  const asked = known?.kind === 'domain_user' || (known === null && of.name.includes('\\'));
  // Somebody of a domain may be known only by a group that is an identity here.
  const groups = asked && caller.impersonator === null ? await directories.groupsOf(known?.name ?? of.name) : [];
  const outcome = await database.system(async (tx) => {
    const actor = await toActor(tx, of.name, groups);
    const may = actor !== null && caller.impersonator === null && (await mayImpersonate(tx, caller.holds, actor.holds));
    if (!may) {
      await audit.write(tx, authorOf(caller.identity.name, null, of), {
        ...{ event: 'EVENT_ID_ACCESS_REFUSED', target: of.name, succeeded: false },
        message: `may not impersonate ${of.name}`,
      });
      return null;
    }
    const impersonating: Actor = { ...actor, impersonator: caller.identity };
    const made = await makeToken(
      tx,
      {
        ...{ identityId: actor.identity.identityId, impersonatorId: caller.identity.identityId },
        ...{ groups: groupsIn(actor), registrationId: of.registrationId, address: of.address },
        correlationId: of.correlationId,
      },
      clock.now(),
    );
    await audit.write(tx, authorOf(actor.identity.name, caller.identity.name, of), {
      ...{ event: 'EVENT_ID_WEBAPP_LOGIN', target: actor.identity.name },
      ...{ message: `Impersonating user (${actor.identity.name})`, arguments: { comment: of.comment.slice(0, 500) } },
    });
    return { ...made, actor: impersonating };
  });
  if (outcome === null)
    throw new Refusal(
      'not_permitted',
      `${caller.identity.name} may not act as ${of.name}. Add an impersonation mapping to that identity, or to a role of it.`,
    );
  return outcome;
};

/** The identity of this name with everything it holds; null where nobody may act as it. */
export const toActor = async (tx: Sql, name: string, groupNames: readonly string[]): Promise<Actor | null> => {
  const identity = await findIdentityByName(tx, name);
  if (identity === null || !identity.enabled || !isSomebody(identity)) return null;
  const groups = await findGroups(tx, groupNames);
  return { identity, holds: await listHeld(tx, identity.identityId, groups), impersonator: null };
};

const groupsIn = ({ holds, identity }: Actor) => holds.filter((id) => id !== identity.identityId);

const proveExplicit = async (
  database: Database,
  { username, password }: Login,
): Promise<Pick<DomainAccount, 'name' | 'groups'> | null> => {
  const found = await database.system(async (tx): Promise<{ identity: Identity; hash: string | null } | null> => {
    const identity = await findIdentityByName(tx, username);
    return identity?.kind === 'explicit' ? { identity, hash: await findPasswordHash(tx, identity.identityId) } : null;
  });
  // Somebody who measures must not learn which names there are.
  const hash = found?.hash ?? (await nobodysHash);
  const isRight = await verifyPassword({ hash, password: password.reveal().slice(0, 1_000) });
  return isRight && found?.hash ? { name: found.identity.name, groups: [] } : null;
};

/** Whether the code is right; true where none is needed. @throws Refusal `invalid` where one was sent that nobody needs */
const proveCode = async (
  tx: Sql,
  { envelope, clock }: SignInParts,
  { identity: { identityId } }: Actor,
  { code, domain }: Login,
): Promise<boolean> => {
  const factor = domain === null ? await findSecondFactor(tx, identityId) : null;
  if (factor === null) {
    // To take a code and not look at it would let somebody believe that it counts.
    if (code !== null) throw new Refusal('invalid', 'MFATokenCode: this identity has no second factor. Leave it out.');
    return true;
  }
  if (code === null) return false;
  const key = await openSecret(tx, envelope, factor.secretId, placeOfIdentity(identityId));
  const step = stepOf(key, code, clock.now(), factor.usedStep);
  if (step !== null) await useStep(tx, identityId, step);
  return step !== null;
};

const nobodysHash = hashPassword(crypto.randomUUID());

const proveDomain = (directories: Directories, domain: string, username: string, password: Secret) =>
  // Directories let everybody in who has no password (RFC 4513 5.1.2).
  password.reveal() === '' ? Promise.resolve(null) : directories.signIn(domain, username, password);

const authorOf = (
  name: string,
  impersonator: string | null,
  { address, correlationId }: Pick<Login, 'address' | 'correlationId'>,
): Author => ({ name, impersonator, address, through: 'sdk', correlationId });

const slowDown = (waitMs: number) => {
  const seconds = Math.ceil(waitMs / 1_000);
  return new Refusal('slow_down', `Too many failed log-ins. Try again in ${seconds} seconds.`, { RetryAfter: seconds });
};
