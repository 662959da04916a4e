import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { EcmIdentity, Ending, NewLease, Why } from './model.ts';

/** An ECM may hold leases of another site, whose ids look otherwise. */
const isOurs = (leaseId: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(leaseId);

/**
 * A lease is written down before an ECM is asked (`asked`), when its credential came (`held`), when it is to be given
 * back (`ending`) and when the ECM has said that it was (`ended`). It only ever moves forward. What a person waits for is
 * a statement that is sent with its entry of the audit.
 */

/** Before the ECM is asked, so that whatever happens then is released. Fails with a ConstraintError where its session has one. */
export const insertingLease = (lease: NewLease): RawBuilder<unknown> => {
  const { item, ecm, endpoint } = lease;
  return sql`
    insert into brokered (lease_id, session_id, process_id, user_id, person, item_type, item_id, endpoint, credential,
      ecm_account_id, ecm_name, correlation_id, state, expires_at)
    values (${lease.leaseId}, ${lease.sessionId}, ${lease.processId}, ${lease.userId}, ${lease.person}, ${item.type},
      ${item.id}, ${JSON.stringify(endpoint)}::jsonb, ${lease.credential}, ${ecm.accountId}, ${ecm.name},
      ${lease.correlationId}, 'asked', now() + ${lease.lifetimeMs}::float8 * interval '1 millisecond')
    returning lease_id`;
};

/** None where the lease was given up meanwhile: what came for it must not be used. */
export const holdingLease = (leaseId: string): RawBuilder<unknown> =>
  sql`update brokered set state = 'held', held_at = now()
    where lease_id = ${leaseId} and state = 'asked' returning lease_id`;

const ending = sql`lease_id as "leaseId", session_id as "sessionId", correlation_id as "correlationId",
  ecm_account_id as "accountId", ecm_name as "ecmName", endpoint ->> 'hostname' as hostname, tries`;

/** From now on its session does not count any more. None where it did not before. */
export const endingLease = (
  of: { readonly leaseId: string } | { readonly sessionId: string },
  why: Why,
): RawBuilder<unknown> => {
  const which = 'leaseId' in of ? sql`lease_id = ${of.leaseId}` : sql`session_id = ${of.sessionId}`;
  return sql`
    update brokered set state = 'ending', why = ${why}, ending_at = now(), next_try_at = now()
    where ${which} and state in ('asked', 'held') returning ${ending}`;
};

/** The ECM knows it as over. Null where it was over already, or is none of this account's. */
export const closeLease = async (
  tx: Sql,
  leaseId: string,
  accountId: number,
  why: Why | null,
): Promise<Ending | null> => {
  if (!isOurs(leaseId)) return null;
  const { rows } = await sql<Ending>`
    update brokered set state = 'ended', ended_at = now(), why = coalesce(why, ${why})
    where lease_id = ${leaseId} and ecm_account_id = ${accountId} and state <> 'ended' returning ${ending}`.execute(tx);
  return rows[0] ?? null;
};

/** Which of these leases of one account belong to sessions that live. */
export const listLive = async (tx: Sql, leaseIds: readonly string[], accountId: number): Promise<readonly string[]> => {
  const { rows } = await sql<{ leaseId: string }>`
    select lease_id::text as "leaseId" from brokered b join site_processes p using (process_id)
    where lease_id = any(${leaseIds.filter(isOurs)}::uuid[]) and ecm_account_id = ${accountId} and state in ('asked', 'held')`.execute(
    tx,
  );
  return rows.map(({ leaseId }) => leaseId);
};

/** Leases whose turn it is, of ECMs that are connected here; nobody else takes them for `claimMs`. */
export const claimEndings = async (
  tx: Sql,
  ecms: readonly EcmIdentity[],
  claimMs: number,
): Promise<readonly Ending[]> => {
  const accounts = ecms.map(({ accountId }) => accountId);
  const names = ecms.map(({ name }) => name);
  const { rows } = await sql<Ending>`
    update brokered set tries = tries + 1, next_try_at = now() + ${claimMs}::float8 * interval '1 millisecond'
    where lease_id in (
      select lease_id from brokered where state = 'ending' and next_try_at <= now()
        and (ecm_account_id, ecm_name) in (select * from unnest(${accounts}::int[], ${names}::text[]))
      order by next_try_at limit 200 for update skip locked)
    returning ${ending}`.execute(tx);
  return rows;
};

export const delayEnding = async (tx: Sql, leaseId: string, delayMs: number): Promise<void> => {
  await sql`update brokered set next_try_at = now() + ${delayMs}::float8 * interval '1 millisecond'
    where lease_id = ${leaseId} and state = 'ending'`.execute(tx);
};

/** Everything that nobody waits for: of copies that are gone, and what has outlived its time. True where there was any. */
export const sweepLeases = async (tx: Sql): Promise<boolean> => {
  const { rows } = await sql`
    update brokered set state = 'ending', ending_at = now(), next_try_at = now(),
      why = case when expires_at < now() then 'expired' else 'session-over' end
    where state in ('asked', 'held') and (expires_at < now() or process_id not in (select process_id from site_processes))
    returning lease_id`.execute(tx);
  // The audit keeps what was; the row only has to answer an ECM that comes back.
  await sql`delete from brokered where state = 'ended' and ended_at < now() - interval '1 day'`.execute(tx);
  return rows.length > 0;
};
