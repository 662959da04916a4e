import type { Sql } from '@gatehouse/database';
import type { Acting } from '../acting.ts';
import { type Credential, findCredential, wordsOf } from '../credentials/index.ts';
import { type GlobalRights, globalRightsOf, rightsOnCredential } from '../delegation/index.ts';
import type { Actor } from '../identities/index.ts';
import type { VaultParts } from '../parts.ts';
import { Refusal } from '../refusal.ts';
import { toCurrent } from './ask.ts';
import { type PasswordRequest, requestMinutes } from './model.ts';
import { lockRequest, setDecision } from './store.ts';

/** A request with its credential, as somebody sees it who asked for it or may decide it. */
export interface SeenRequest {
  readonly request: PasswordRequest;
  readonly credential: Credential;
  /** Whether this actor may decide it. */
  readonly mayDecide: boolean;
}

/** @throws Refusal `not_found`, also for those who may not know of it */
export const getRequest = async (
  tx: Sql,
  { clock }: Pick<VaultParts, 'clock'>,
  { actor, by }: Acting,
  requestId: string,
): Promise<SeenRequest> => {
  const request = await lockRequest(tx, requestId);
  const credential = request && (await findCredential(tx, request.credentialId));
  if (!request || !credential) throw notThere();
  const global = await globalRightsOf(tx, actor);
  const { grantRequests } = await rightsOnCredential(tx, actor, request.credentialId);
  const isOwn = request.identityId === actor.identity.identityId;
  // No program is the second person that a password on a page takes.
  const isApprover =
    request.purpose === 'use' ? grantRequests || global.globalApprover : grantRequests && by.through !== 'sdk';
  if (!isOwn && !isApprover) throw notThere();
  const mayDecide = isApprover && !askedItself(request, actor, global);
  return { request: toCurrent(request, clock.now()), credential, mayDecide };
};

/**
 * Whether the same hands are on both sides. A program that asked in somebody's name does not decide by another name,
 * unless it does so as a global approver, who is there for exactly that. What is revealed on a page always takes another
 * person.
 */
const askedItself = (request: PasswordRequest, { identity, impersonator }: Actor, global: GlobalRights): boolean => {
  if (request.identityId === identity.identityId || request.identityId === impersonator?.identityId) return true;
  if (request.impersonatorId === null || (global.globalApprover && request.purpose === 'use')) return false;
  return request.impersonatorId === identity.identityId || request.impersonatorId === impersonator?.identityId;
};

/**
 * Grants or denies a request that is pending. Deciding it again in the same way changes nothing.
 * @throws Refusal `not_found`, `not_permitted`, `conflict`
 */
export const decideRequest = async (
  tx: Sql,
  parts: Pick<VaultParts, 'clock' | 'audit'>,
  acting: Acting,
  of: { readonly requestId: string; readonly state: 'granted' | 'denied'; readonly comment: string },
): Promise<PasswordRequest> => {
  const { request, credential, mayDecide } = await getRequest(tx, parts, acting, of.requestId);
  if (!mayDecide) throw new Refusal('not_permitted', 'Nobody decides what they asked for themselves.');
  if (request.state === of.state) return request;
  if (request.state !== 'pending') throw new Refusal('conflict', `This request is ${request.state} already.`);
  const now = parts.clock.now();
  const { name } = acting.actor.identity;
  const expiresAt = of.state === 'granted' ? new Date(now.getTime() + requestMinutes.granted * 60_000) : now;
  await setDecision(tx, of.requestId, { state: of.state, decidedBy: name, decision: of.comment, expiresAt }, now);
  const isGranted = of.state === 'granted';
  await parts.audit.write(
    tx,
    { ...acting.by, correlationId: request.correlationId },
    {
      event: isGranted ? 'EVENT_ID_PASSWORD_ACCESS_GRANTED' : 'EVENT_ID_PASSWORD_ACCESS_DENIED',
      target: wordsOf(credential),
      message: `${isGranted ? 'granted' : 'denied'} ${request.asker} the password for ${wordsOf(credential)}`,
      arguments: { comment: of.comment, asker: request.asker, purpose: request.purpose },
    },
  );
  return { ...request, state: of.state, decidedBy: name, decision: of.comment, decidedAt: now, expiresAt };
};

const notThere = () => new Refusal('not_found', 'There is no such request, or you may not see it.');
