import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { PasswordRequest, RequestPurpose, RequestState } from './model.ts';

const columns = sql`r.request_id as "requestId", r.credential_id as "credentialId", r.identity_id as "identityId",
  i.name as asker, r.impersonator_id as "impersonatorId", r.purpose, r.lease_id as "leaseId", r.comment, r.minutes, r.state,
  r.decided_by as "decidedBy", r.decision, r.correlation_id as "correlationId", r.created_at as "createdAt",
  r.decided_at as "decidedAt", r.expires_at as "expiresAt"`;

/** Requests of a condition over `password_requests r`, newest first. */
export const listRequests = async (
  tx: Sql,
  where: RawBuilder<unknown>,
  most: number,
): Promise<readonly PasswordRequest[]> => {
  const { rows } = await sql<PasswordRequest>`
    select ${columns} from password_requests r join identities i using (identity_id)
    where ${where} order by r.request_id desc limit ${most}`.execute(tx);
  return rows;
};

/** Held until the transaction ends, so that it is decided and used once. */
export const lockRequest = async (tx: Sql, requestId: string): Promise<PasswordRequest | null> => {
  await sql`select from password_requests where request_id = ${requestId} for update`.execute(tx);
  const [found] = await listRequests(tx, sql`r.request_id = ${requestId}`, 1);
  return found ?? null;
};

export const insertRequest = async (tx: Sql, request: PasswordRequest): Promise<void> => {
  const { requestId, credentialId, identityId, impersonatorId, purpose, leaseId, comment, minutes, state } = request;
  await sql`
    insert into password_requests (request_id, credential_id, identity_id, impersonator_id, purpose, lease_id, comment,
      minutes, state, correlation_id, created_at, expires_at)
    values (${requestId}, ${credentialId}, ${identityId}, ${impersonatorId}, ${purpose}, ${leaseId}, ${comment}, ${minutes},
      ${state}, ${request.correlationId}, ${request.createdAt}, ${request.expiresAt})`.execute(tx);
};

export const setDecision = async (
  tx: Sql,
  requestId: string,
  of: { readonly state: RequestState; readonly decidedBy: string; readonly decision: string; readonly expiresAt: Date },
  at: Date,
): Promise<void> => {
  await sql`update password_requests set state = ${of.state}, decided_by = ${of.decidedBy}, decision = ${of.decision},
    decided_at = ${at}, expires_at = ${of.expiresAt} where request_id = ${requestId}`.execute(tx);
};

interface Asked {
  readonly credentialId: string;
  readonly identityId: string;
  readonly leaseId: string | null;
  readonly purpose: RequestPurpose;
}

/**
 * The open request that a check-out may use or waits for: a granted one first. One that was made for another lease is
 * left to that lease.
 */
export const findOpenRequest = async (tx: Sql, asked: Asked, now: Date): Promise<PasswordRequest | null> => {
  const { credentialId, identityId, leaseId, purpose } = asked;
  const { rows } = await sql<PasswordRequest>`
    select ${columns} from password_requests r join identities i using (identity_id)
    where r.credential_id = ${credentialId} and r.identity_id = ${identityId} and r.purpose = ${purpose}
      and r.state in ('pending', 'granted') and r.expires_at > ${now}
      and (${leaseId}::text is null or r.lease_id is null or r.lease_id = ${leaseId})
    order by r.state = 'granted' desc, r.lease_id is not distinct from ${leaseId}::text desc, r.request_id
    limit 1 for update of r`.execute(tx);
  return rows[0] ?? null;
};

/** Uses a granted request, once. */
export const useRequest = async (tx: Sql, requestId: string, checkoutId: string): Promise<void> => {
  await sql`update password_requests set state = 'used', checkout_id = ${checkoutId}
    where request_id = ${requestId} and state = 'granted'`.execute(tx);
};

/** Whether a granted request let this check-out happen. */
export const wasRequested = async (tx: Sql, checkoutId: string): Promise<boolean> => {
  const { rows } = await sql<{ was: boolean }>`
    select exists (select from password_requests where checkout_id = ${checkoutId}) as was`.execute(tx);
  return rows[0]?.was ?? false;
};

/** Takes back what was asked for under a lease and is not used. */
export const withdrawRequests = async (tx: Sql, identityId: string, leaseId: string, at: Date): Promise<void> => {
  await sql`update password_requests set state = 'withdrawn', decided_at = ${at}
    where identity_id = ${identityId} and lease_id = ${leaseId} and state in ('pending', 'granted')`.execute(tx);
};

export const expireRequests = async (tx: Sql, now: Date): Promise<void> => {
  await sql`update password_requests set state = 'expired' where state in ('pending', 'granted') and expires_at <= ${now}`.execute(
    tx,
  );
};

export const countOpen = async (tx: Sql, identityId: string, now: Date): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from password_requests
    where identity_id = ${identityId} and state in ('pending', 'granted') and expires_at > ${now}`.execute(tx);
  return rows[0]?.count ?? 0;
};
