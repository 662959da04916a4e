import type { Sql } from '@gatehouse/database';
import { newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { type Acting, lockLease } from '../acting.ts';
import { wordsOf } from '../credentials/index.ts';
import { rightsOnCredential } from '../delegation/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { checkOutMinutes, mostOpen, type PasswordRequest, type RequestInput, requestMinutes } from './model.ts';
import { countOpen, findOpenRequest, insertRequest, listRequests } from './store.ts';

/**
 * Asks for a password. Asking again for what is not decided or used yet is the same request, and so is asking again
 * under the same lease, whatever became of it.
 * @throws Refusal `not_found`, `not_permitted`, `conflict`
 */
export const askForPassword = async (
  tx: Sql,
  { clock, audit }: VaultParts,
  { actor, by }: Acting,
  input: RequestInput,
): Promise<PasswordRequest> => {
  const { credential, purpose, leaseId, comment } = input;
  const { credentialId } = credential;
  const { identityId, name } = actor.identity;
  // Without a lease all of the same identity, one at a time.
  await lockLease(tx, identityId, leaseId ?? '');
  const rights = await rightsOnCredential(tx, actor, credentialId);
  if (!rights.viewAccounts) throw new Refusal('not_found', 'There is no such credential, or you may not see it.');
  const may = purpose === 'reveal' ? rights.viewPasswords : rights.requestPasswords || rights.viewPasswords;
  if (!may) throw new Refusal('not_permitted', `${name} may not ask for this password.`);
  const now = clock.now();
  const before = await findBefore(tx, { credentialId, identityId, leaseId, purpose }, now);
  if (before) return before;
  if ((await countOpen(tx, identityId, now)) >= mostOpen)
    throw new Refusal('conflict', `${name} has ${mostOpen} open requests. Use or withdraw some first.`);
  const minutes = Math.min(input.minutes ?? checkOutMinutes.standard, checkOutMinutes.most);
  const request: PasswordRequest = {
    ...{ requestId: newId<string>(now.getTime()), credentialId, identityId, asker: name, purpose, leaseId, comment },
    ...{ impersonatorId: actor.impersonator?.identityId ?? null, minutes, state: 'pending' },
    ...{ decidedBy: null, decision: null, decidedAt: null, correlationId: by.correlationId, createdAt: now },
    expiresAt: new Date(now.getTime() + requestMinutes.pending * 60_000),
  };
  await insertRequest(tx, request);
  await audit.write(tx, by, {
    ...{ event: 'EVENT_ID_PASSWORD_ACCESS_REQUESTED', target: wordsOf(credential) },
    ...{ message: `requested password for ${wordsOf(credential)}`, arguments: { comment, minutes, purpose } },
  });
  return request;
};

const findBefore = async (tx: Sql, asked: Parameters<typeof findOpenRequest>[1], now: Date) => {
  const { credentialId, identityId, leaseId, purpose } = asked;
  if (leaseId === null) return findOpenRequest(tx, asked, now);
  const ofLease = sql`r.identity_id = ${identityId} and r.credential_id = ${credentialId} and r.lease_id = ${leaseId}
    and r.purpose = ${purpose}`;
  const [before] = await listRequests(tx, ofLease, 1);
  return before && toCurrent(before, now);
};

/** An open one whose time is over has expired, also before anybody wrote that down. */
export const toCurrent = (request: PasswordRequest, now: Date): PasswordRequest =>
  (request.state === 'pending' || request.state === 'granted') && request.expiresAt <= now
    ? { ...request, state: 'expired' }
    : request;
