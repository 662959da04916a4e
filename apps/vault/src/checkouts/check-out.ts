import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Acting, lockLease } from '../acting.ts';
import { type GlobalRights, globalRightsOf } from '../delegation/index.ts';
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
  if (leaseId !== null) await lockLease(tx, identityId, leaseId);
  const subject = await lockSubject(tx, input.subject);
  const global = await globalRightsOf(tx, acting.actor);
  const now = parts.clock.now();
  const standing = await findStanding(tx, acting, subject, leaseId, now);
  const authority = await authorise(tx, acting, global, { subject, leaseId, standing, now });
  if (standing !== null) return again(tx, parts, acting, subject, standing, input);
  await endDue(tx, parts, subject);
  const others = await listCheckouts(tx, sql`${isOf(subject)} and o.checked_in_at is null`, 200);
  const blocking = others.find((one) => one.identityId !== identityId);
  const ignores = blocking !== undefined && (await ignoresOthers(tx, acting, global));
  if (blocking !== undefined && !ignores) throw somebodyHasIt(blocking, global);
  if (subject.kind === 'stored' && (await isBeingChanged(tx, subject.credential.credentialId, now))) throw changing();
  const checkout = toCheckout(acting, subject, input, authority, { isExclusive: others.length === 0, now });
  const secret = await readSecretOf(tx, parts, subject);
  await insertCheckout(tx, checkout);
  if (authority.by === 'request') await useRequest(tx, authority.request.requestId, checkout.checkoutId);
  const { comment, correlationId, expiresAt } = checkout;
  await parts.audit.write(
    tx,
    { ...acting.by, correlationId },
    {
      ...{ event: 'EVENT_ID_PASSWORD_CHECKED_OUT', target: wordsOfSubject(subject) },
      message: `checked-out password for ${wordsOfSubject(subject)}`,
      arguments: {
        ...{ comment, until: expiresAt.toISOString(), ...argumentsOf(subject) },
        ...(ignores && { besides: blocking.holder }),
        ...(authority.by === 'request' && { grantedBy: authority.request.decidedBy }),
      },
    },
  );
  return { checkout, secret };
};

/** The check-out that this asks for again; null where it asks for a further one. */
const findStanding = async (
  tx: Sql,
  { actor }: Acting,
  subject: Subject,
  leaseId: string | null,
  now: Date,
): Promise<Checkout | null> => {
  const { identityId } = actor.identity;
  const impersonatorId = actor.impersonator?.identityId ?? null;
  if (leaseId === null) {
    const own = sql`${isOf(subject)} and o.identity_id = ${identityId} and o.lease_id is null and o.checked_in_at is null
      and o.impersonator_id is not distinct from ${impersonatorId}::uuid and o.expires_at > ${now}`;
    return (await listCheckouts(tx, own, 1))[0] ?? null;
  }
  const found = await findByLease(tx, identityId, leaseId);
  const isOver =
    found === null
      ? await isEndedLease(tx, identityId, leaseId)
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

const somebodyHasIt = ({ checkedOutAt, expiresAt, holder }: Checkout, { allAccess }: GlobalRights) => {
  const who = allAccess ? holder : 'Somebody else';
  const words = `${who} has this password since ${checkedOutAt.toISOString()} and until ${expiresAt.toISOString()} at most.`;
  return new Refusal('checked_out', words);
};

const changing = () =>
  new Refusal('unavailable', 'This password is being changed at this moment. Try again in some seconds.', {
    RetryAfter: 2,
  });
