import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { type Acting, lockLease } from '../acting.ts';
import type { Author, EntryInput } from '../audit/index.ts';
import type { VaultParts } from '../parts.ts';
import { withdrawRequests } from '../requests/index.ts';
import type { Checkout, EndedBy, Rotation, Subject } from './model.ts';
import { findByLease, findCheckout, listCheckouts, noteEndedLease, setEnded } from './store.ts';
import { argumentsOf, isOf, lockSubjectOf, wordsOfSubject } from './subject.ts';

/** What became of a check-in. */
export interface Ended {
  readonly checkout: Checkout;
  readonly subject: Subject;
  /** False: it had ended before. */
  readonly isNew: boolean;
  /** The job that changes the password now; null: none was made. */
  readonly jobId: number | null;
}

/**
 * Ends the check-out of a lease, and takes back what was asked for under it. Repeating it changes nothing. Null for a
 * lease under which nothing was handed out; nothing is from then on.
 */
export const checkInLease = async (
  tx: Sql,
  parts: VaultParts,
  rotation: Rotation | null,
  { actor, by }: Acting,
  leaseId: string,
): Promise<Ended | null> => {
  const { identityId } = actor.identity;
  await lockLease(tx, identityId, leaseId);
  const now = parts.clock.now();
  await withdrawRequests(tx, identityId, leaseId, now);
  const checkout = await findByLease(tx, identityId, leaseId);
  if (checkout === null) {
    await noteEndedLease(tx, identityId, leaseId, now);
    return null;
  }
  return end(tx, parts, rotation, checkout, 'check-in', by);
};

/** Ends a check-out, one's own or, for administrators, anybody's. Repeating it changes nothing; null: there is none. */
export const endCheckout = async (
  tx: Sql,
  parts: VaultParts,
  rotation: Rotation | null,
  of: { readonly checkoutId: string; readonly endedBy: EndedBy; readonly by: Author },
): Promise<Ended | null> => {
  const checkout = await findCheckout(tx, of.checkoutId);
  return checkout && end(tx, parts, rotation, checkout, of.endedBy, of.by);
};

/**
 * Ends, in the transaction of a check-out, what is over and no sweep has met yet. Without a rotation: whoever gets it now
 * would hold a password that is about to change, and their check-in makes one.
 */
export const endDue = async (tx: Sql, parts: VaultParts, due: readonly Checkout[]): Promise<void> => {
  for (const checkout of due) await end(tx, parts, null, checkout, 'expiry', authorOf(checkout));
};

/** What happens without anybody: one id leads from the check-out to here. */
export const authorOf = ({ correlationId }: Pick<Checkout, 'correlationId'>): Author => ({
  ...{ name: 'system', impersonator: null, address: null, through: 'vault', correlationId },
});

const end = async (
  tx: Sql,
  parts: VaultParts,
  rotation: Rotation | null,
  found: Checkout,
  endedBy: EndedBy,
  author: Author,
): Promise<Ended | null> => {
  const subject = await lockSubjectOf(tx, found);
  if (subject === null) return null;
  const by: Author = { ...author, correlationId: found.correlationId };
  const now = parts.clock.now();
  if (!(await setEnded(tx, found.checkoutId, endedBy, now)))
    return { checkout: found, subject, isNew: false, jobId: null };
  const checkout: Checkout = { ...found, checkedInAt: now, endedBy };
  const jobId = rotation && (await rotate(tx, parts, rotation, subject, by));
  await parts.audit.write(tx, by, ...entriesOf(checkout, subject, by));
  return { checkout, subject, isNew: true, jobId };
};

/** Once nobody has the password any more: one that is in use is left alone. */
const rotate = async (
  tx: Sql,
  parts: VaultParts,
  rotation: Rotation,
  subject: Subject,
  by: Author,
): Promise<number | null> => {
  if (subject.kind === 'shared' || !subject.credential.autoSpin) return null;
  const [still] = await listCheckouts(tx, sql`${isOf(subject)} and o.checked_in_at is null`, 1);
  return still === undefined ? rotation.afterCheckIn(tx, parts, subject.credential, by) : null;
};

const entriesOf = (checkout: Checkout, subject: Subject, { through }: Author): readonly EntryInput[] => {
  const words = wordsOfSubject(subject);
  const { endedBy, holder } = checkout;
  const about = { target: words, arguments: { holder, endedBy, ...argumentsOf(subject) } };
  if (endedBy === 'expiry')
    return [
      { ...about, event: 'EVENT_ID_PASSWORD_CHECKOUT_EXPIRED', message: `check-out of password expired for ${words}` },
    ];
  const message = `checked-in password for ${words}`;
  return [
    { ...about, event: 'EVENT_ID_PASSWORD_CHECKED_IN', message },
    ...(through === 'pages' ? [{ ...about, event: 'EVENT_ID_WEBAPP_PASSWORD_CHECKIN' as const, message }] : []),
  ];
};
