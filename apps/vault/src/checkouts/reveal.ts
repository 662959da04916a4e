import type { Sql } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Acting } from '../acting.ts';
import type { Author } from '../audit/index.ts';
import { rightsOnCredential } from '../delegation/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { findOpenRequest, useRequest } from '../requests/index.ts';
import { findCheckout } from './store.ts';
import { lockSubjectOf, nothingThere, readSecretOf, wordsOfSubject } from './subject.ts';

/**
 * The password of one's own open check-out, to be seen. It takes the right to view passwords and a request that another
 * person granted, which is used by it. `use` false only looks whether all of that is there, before a code is asked for.
 * @throws Refusal `not_found`, `not_permitted`, `approval_needed`
 */
export const reveal = async (
  tx: Sql,
  parts: VaultParts,
  { actor, by }: Acting,
  { checkoutId, use }: { readonly checkoutId: string; readonly use: boolean },
): Promise<Secret | null> => {
  const { identityId, name } = actor.identity;
  const checkout = await findCheckout(tx, checkoutId);
  const now = parts.clock.now();
  const isOpen = checkout?.checkedInAt === null && checkout.expiresAt > now;
  if (!checkout || !isOpen || checkout.identityId !== identityId) throw nothingThere();
  const subject = await lockSubjectOf(tx, checkout);
  if (subject?.kind !== 'stored') throw nothingThere();
  const { credentialId } = subject.credential;
  const rights = await rightsOnCredential(tx, actor, credentialId);
  if (!rights.viewPasswords) throw new Refusal('not_permitted', `${name} may not view this password.`);
  const request = await findOpenRequest(tx, { credentialId, identityId, leaseId: null, purpose: 'reveal' }, now);
  if (request?.state !== 'granted')
    throw new Refusal('approval_needed', 'Another person has to grant a request to see this password first.');
  if (!use) return null;
  await useRequest(tx, request.requestId, checkoutId);
  const secret = await readSecretOf(tx, parts, subject);
  const words = wordsOfSubject(subject);
  await parts.audit.write(
    tx,
    { ...by, correlationId: checkout.correlationId },
    {
      ...{ event: 'EVENT_ID_PASSWORD_REVEALED', target: words, message: `revealed password for ${words}` },
      arguments: { grantedBy: request.decidedBy, identity: name },
    },
  );
  return secret;
};

/** The password of an open check-out, whoever has it, for the command line of this machine, which seals it. @throws Refusal */
export const readOpen = async (tx: Sql, parts: VaultParts, by: Author, checkoutId: string): Promise<Secret> => {
  const checkout = await findCheckout(tx, checkoutId);
  if (checkout?.checkedInAt !== null || checkout.expiresAt <= parts.clock.now()) throw nothingThere();
  const subject = await lockSubjectOf(tx, checkout);
  if (subject === null) throw nothingThere();
  const secret = await readSecretOf(tx, parts, subject);
  const words = wordsOfSubject(subject);
  await parts.audit.write(
    tx,
    { ...by, correlationId: checkout.correlationId },
    {
      ...{ event: 'EVENT_ID_PASSWORD_REVEALED', target: words, message: `sealed password for ${words}` },
      arguments: { identity: checkout.holder },
    },
  );
  return secret;
};
