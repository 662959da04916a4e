import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Acting } from '../acting.ts';
import { type GlobalRights, globalRightsOf, type Rights } from '../delegation/index.ts';
import { type Actor, listHeld } from '../identities/index.ts';
import { Refusal } from '../refusal.ts';
import { findOpenRequest, type PasswordRequest, wasRequested } from '../requests/index.ts';
import { listUsableEntries } from './entries.ts';
import type { Checkout, Subject } from './model.ts';
import { nothingThere } from './subject.ts';

/** Why somebody may have a secret: a right, or a request that was granted and is used by it. */
export type Authority = { readonly by: 'right' } | { readonly by: 'request'; readonly request: PasswordRequest };

/**
 * Whether rights alone are enough. “Allow remote sessions” is: where a program uses the password in the name of a person
 * who never sees it. Spin is not.
 */
export const mayUse = (rights: Rights, { impersonator }: Pick<Actor, 'impersonator'>): boolean =>
  rights.viewPasswords || (rights.remoteSessions && impersonator !== null);

/** @throws Refusal `not_found`, `not_permitted`, `approval_needed` */
export const authorise = async (
  tx: Sql,
  { actor }: Acting,
  of: {
    readonly subject: Subject;
    /** On the credential; on an entry of a list there are none. */
    readonly rights: Rights;
    readonly leaseId: string | null;
    readonly standing: Checkout | null;
    readonly now: Date;
  },
): Promise<Authority> => {
  const { subject, rights, leaseId, standing, now } = of;
  if (subject.kind === 'shared') {
    const global = await globalRightsOf(tx, actor);
    const [usable] = await listUsableEntries(tx, actor, global, sql`e.entry_id = ${subject.entry.entryId}`, 1);
    if (usable === undefined) throw nothingThere();
    return { by: 'right' };
  }
  const { credentialId } = subject.credential;
  if (mayUse(rights, actor)) return { by: 'right' };
  if (!rights.viewAccounts) throw nothingThere();
  const { identityId, name } = actor.identity;
  if (!rights.requestPasswords) throw new Refusal('not_permitted', `${name} may not check this password out.`);
  // What a request opened stays open to whoever asks again.
  if (standing !== null && (await wasRequested(tx, standing.checkoutId))) return { by: 'right' };
  const request = await findOpenRequest(tx, { credentialId, identityId, leaseId, purpose: 'use' }, now);
  if (request?.state === 'granted') return { by: 'request', request };
  throw new Refusal(
    'approval_needed',
    'Somebody has to grant a request for this password first.',
    request ? { PasswordRequestID: request.requestId } : {},
  );
};

/**
 * Whether another's check-out does not count: through the web services alone, for holders of Ignore Password Checkout.
 * A program that acts for somebody brings its own: it is who puts the password in, and the person never sees it.
 */
export const ignoresOthers = async (tx: Sql, { actor, by }: Acting, global: GlobalRights): Promise<boolean> => {
  if (by.through !== 'sdk') return false;
  if (global.ignorePasswordCheckout || actor.impersonator === null) return global.ignorePasswordCheckout;
  const holds = await listHeld(tx, actor.impersonator.identityId, []);
  return (await globalRightsOf(tx, { holds })).ignorePasswordCheckout;
};
