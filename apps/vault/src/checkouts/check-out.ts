import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Acting, lockLease } from '../acting.ts';
import { type GlobalRights, globalRightsOf, noRights, rightsOnCredential } from '../delegation/index.ts';
import { isBeingChanged } from '../jobs/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { checkOutMinutes, useRequest } from '../requests/index.ts';
import { endDue } from './check-in.ts';
import { type Authority, authorise, ignoresOthers } from './may-use.ts';
import type { CheckedOut, CheckOutInput, Checkout, Subject } from './model.ts';
import { findByLease, insertCheckout, isEndedLease, listCheckouts } from './store.ts';
import { argumentsOf, isOf, lockSubject, readSecretOf, wordsOfSubject } from './subject.ts';

/**
 * Hands a secret out, and writes down to whom. Asking again under the same lease, or without one for what one has
 * already, is the same check-out.
 * @throws Refusal `not_found`, `not_permitted`, `approval_needed`, `checked_out`; `unavailable` while the password is being
 * changed; `invalid` for a lease that has ended
 */
export const checkOut = async (
  tx: Sql,
  parts: VaultParts,
  acting: Acting,
  input: CheckOutInput,
): Promise<CheckedOut> => {
  const { leaseId } = input;
  const { identityId } = acting.actor.identity;
  const { credential } = input.subject.kind === 'stored' ? input.subject : { credential: null };
  // Asked at once and answered in this order: what comes after the locks is as it is once they are held.
  const [, subject, before, open, rights, isChanging] = await Promise.all([
    leaseId === null ? null : lockLease(tx, identityId, leaseId),
    lockSubject(tx, input.subject),
    findBefore(tx, acting, input),
    listCheckouts(tx, sql`${isOf(input.subject)} and o.checked_in_at is null`, 200),
    credential ? rightsOnCredential(tx, acting.actor, credential.credentialId) : noRights,
    credential && isBeingChanged(tx, credential.credentialId, parts.clock.now()),
  ]);
  const now = parts.clock.now();
  const standing = findStanding(acting, subject, before, leaseId, now);
  const authority = await authorise(tx, acting, { subject, rights, leaseId, standing, now });
  if (standing !== null) return again(tx, parts, acting, subject, standing, input);
  const isDue = ({ expiresAt }: Checkout) => expiresAt <= now;
  await endDue(tx, parts, open.filter(isDue));
  const others = open.filter((one) => !isDue(one));
  const blocking = others.find((one) => one.identityId !== identityId);
  if (blocking !== undefined) await passBy(tx, acting, blocking);
  if (isChanging === true) throw changing();
  const checkout = toCheckout(acting, subject, input, authority, { isExclusive: others.length === 0, now });
  const { comment, correlationId, expiresAt } = checkout;
  const inserted = insertCheckout(tx, checkout);
  const used = authority.by === 'request' && useRequest(tx, authority.request.requestId, checkout.checkoutId);
  const noted = parts.audit.write(
    tx,
    { ...acting.by, correlationId },
    {
      ...{ event: 'EVENT_ID_PASSWORD_CHECKED_OUT', target: wordsOfSubject(subject) },
      message: `checked-out password for ${wordsOfSubject(subject)}`,
      arguments: {
        ...{ comment, until: expiresAt.toISOString(), ...argumentsOf(subject) },
        ...(blocking && { besides: blocking.holder }),
        ...(authority.by === 'request' && { grantedBy: authority.request.decidedBy }),
      },
    },
  );
  const [secret] = await Promise.all([readSecretOf(tx, parts, subject), inserted, used, noted]);
  return { checkout, secret };
};

/** What was asked for before under the same lease, or without one. */
interface Before {
  readonly found: Checkout | null;
  /** The lease ended without anything having been handed out. */
  readonly isEnded: boolean;
}

const findBefore = async (tx: Sql, { actor }: Acting, { leaseId, subject }: CheckOutInput): Promise<Before> => {
  const { identityId } = actor.identity;
  if (leaseId !== null) {
    const [found, isEnded] = await Promise.all([
      findByLease(tx, identityId, leaseId),
      isEndedLease(tx, identityId, leaseId),
    ]);
    return { found, isEnded };
  }
  const own = sql`${isOf(subject)} and o.identity_id = ${identityId} and o.lease_id is null and o.checked_in_at is null
    and o.impersonator_id is not distinct from ${actor.impersonator?.identityId ?? null}::uuid`;
  return { found: (await listCheckouts(tx, own, 1))[0] ?? null, isEnded: false };
};

/** The check-out that this asks for again; null where it asks for a further one. */
const findStanding = (
  { actor }: Acting,
  subject: Subject,
  { found, isEnded }: Before,
  leaseId: string | null,
  now: Date,
): Checkout | null => {
  if (leaseId === null) return found !== null && found.expiresAt > now ? found : null;
  const impersonatorId = actor.impersonator?.identityId ?? null;
  const isOver =
    found === null
      ? isEnded
      : found.checkedInAt !== null ||
        found.expiresAt <= now ||
        !isAbout(found, subject) ||
        found.impersonatorId !== impersonatorId;
  if (isOver)
    throw new Refusal('invalid', 'LeaseID: this lease has ended, or is about something else. Take a new one.');
  return found;
};

const isAbout = ({ credentialId, entryId }: Checkout, subject: Subject): boolean =>
  subject.kind === 'stored' ? credentialId === subject.credential.credentialId : entryId === subject.entry.entryId;

const again = async (
  tx: Sql,
  parts: VaultParts,
  { by }: Acting,
  subject: Subject,
  checkout: Checkout,
  { comment }: CheckOutInput,
): Promise<CheckedOut> => {
  const secret = await readSecretOf(tx, parts, subject);
  await parts.audit.write(
    tx,
    { ...by, correlationId: checkout.correlationId },
    {
      ...{ event: 'EVENT_ID_PASSWORD_RETRIEVED', target: wordsOfSubject(subject) },
      message: `retrieved password for ${wordsOfSubject(subject)}`,
      arguments: { comment, ...argumentsOf(subject) },
    },
  );
  return { checkout, secret };
};

const toCheckout = (
  { actor, by }: Acting,
  subject: Subject,
  { comment, minutes, leaseId }: CheckOutInput,
  authority: Authority,
  { isExclusive, now }: { readonly isExclusive: boolean; readonly now: Date },
): Checkout => {
  const granted = authority.by === 'request' ? authority.request : null;
  const most = granted?.minutes ?? checkOutMinutes.most;
  const lasts = Math.min(minutes ?? granted?.minutes ?? checkOutMinutes.standard, most);
  return {
    checkoutId: newId<string>(now.getTime()),
    credentialId: subject.kind === 'stored' ? subject.credential.credentialId : null,
    entryId: subject.kind === 'shared' ? subject.entry.entryId : null,
    ...{ identityId: actor.identity.identityId, holder: actor.identity.name },
    ...{ impersonatorId: actor.impersonator?.identityId ?? null, leaseId, isExclusive, comment },
    // One id leads from the request to the rotation.
    correlationId: granted?.correlationId ?? by.correlationId,
    ...{ checkedOutAt: now, expiresAt: new Date(now.getTime() + lasts * 60_000), checkedInAt: null, endedBy: null },
  };
};

/** @throws Refusal `checked_out` for somebody whom another's check-out keeps out */
const passBy = async (tx: Sql, acting: Acting, blocking: Checkout): Promise<void> => {
  const global = await globalRightsOf(tx, acting.actor);
  if (!(await ignoresOthers(tx, acting, global))) throw somebodyHasIt(blocking, global);
};

const somebodyHasIt = ({ checkedOutAt, expiresAt, holder }: Checkout, { allAccess }: GlobalRights) => {
  const who = allAccess ? holder : 'Somebody else';
  const words = `${who} has this password since ${checkedOutAt.toISOString()} and until ${expiresAt.toISOString()} at most.`;
  return new Refusal('checked_out', words);
};

const changing = () =>
  new Refusal('unavailable', 'This password is being changed at this moment. Try again in some seconds.', {
    RetryAfter: 2,
  });
