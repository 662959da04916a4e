import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { findCredential, readCurrentSecret, wordsOf } from '../credentials/index.ts';
import { openSecret } from '../keys/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { findEntry, placeOfEntry } from './entries.ts';
import type { Checkout, Subject } from './model.ts';

/**
 * Holds what is checked out until the transaction ends: check-outs, check-ins and expiries of one thing happen one after
 * the other. Answers it as it is now, since it may have been changed while this waited.
 */
export const lockSubject = async (tx: Sql, subject: Subject): Promise<Subject> => {
  if (subject.kind === 'stored') {
    const { credentialId } = subject.credential;
    const locked = sql`select from credentials where credential_id = ${credentialId} for no key update`.execute(tx);
    const [credential] = await Promise.all([findCredential(tx, credentialId), locked]);
    if (credential) return { kind: 'stored', credential };
  } else {
    const { entryId } = subject.entry;
    const locked = sql`select from list_entries where entry_id = ${entryId} for no key update`.execute(tx);
    const [entry] = await Promise.all([findEntry(tx, entryId), locked]);
    if (entry) return { kind: 'shared', entry };
  }
  throw nothingThere();
};

/** The same for what is out already; null where it was deleted meanwhile, and its check-outs with it. */
export const lockSubjectOf = async (tx: Sql, { credentialId, entryId }: Checkout): Promise<Subject | null> => {
  const credential = credentialId === null ? null : await findCredential(tx, credentialId);
  if (credential) return lockSubject(tx, { kind: 'stored', credential });
  const entry = entryId === null ? null : await findEntry(tx, entryId);
  return entry && lockSubject(tx, { kind: 'shared', entry });
};

export const nothingThere = () => new Refusal('not_found', 'There is no such credential, or you may not see it.');

export const readSecretOf = (tx: Sql, { envelope }: VaultParts, subject: Subject): Promise<Secret> =>
  subject.kind === 'stored'
    ? readCurrentSecret(tx, envelope, subject.credential)
    : openSecret(tx, envelope, subject.entry.secretId, placeOfEntry(subject.entry.entryId));

/** As the audit names it: `(HOST)'DOMAIN\account'`. */
export const wordsOfSubject = (subject: Subject): string =>
  subject.kind === 'stored'
    ? wordsOf(subject.credential)
    : `(${subject.entry.systemName})'${subject.entry.accountName}'`;

/** What the audit says beside its words. */
export const argumentsOf = (subject: Subject) =>
  subject.kind === 'stored'
    ? {}
    : {
        SharedCredentialListName: subject.entry.listName,
        SharedCredentialAccountName: subject.entry.accountName,
      };

/** Over `checkouts o`. */
export const isOf = (subject: Subject) =>
  subject.kind === 'stored'
    ? sql`o.credential_id = ${subject.credential.credentialId}`
    : sql`o.entry_id = ${subject.entry.entryId}`;
