import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import type { Checkout, EndedBy } from './model.ts';

const columns = sql`o.checkout_id as "checkoutId", o.credential_id as "credentialId", o.entry_id as "entryId",
  o.identity_id as "identityId", i.name as holder, o.impersonator_id as "impersonatorId", o.lease_id as "leaseId",
  o.is_exclusive as "isExclusive", o.comment, o.correlation_id as "correlationId", o.checked_out_at as "checkedOutAt",
  o.expires_at as "expiresAt", o.checked_in_at as "checkedInAt", o.ended_by as "endedBy"`;

/** Check-outs of a condition over `checkouts o`, newest first. */
export const listCheckouts = async (
  tx: Sql,
  where: RawBuilder<unknown>,
  most: number,
): Promise<readonly Checkout[]> => {
  const { rows } = await sql<Checkout>`
    select ${columns} from checkouts o join identities i using (identity_id)
    where ${where} order by o.checkout_id desc limit ${most}`.execute(tx);
  return rows;
};

export const findCheckout = async (tx: Sql, checkoutId: string): Promise<Checkout | null> =>
  (await listCheckouts(tx, sql`o.checkout_id = ${checkoutId}`, 1))[0] ?? null;

export const findByLease = async (tx: Sql, identityId: string, leaseId: string): Promise<Checkout | null> =>
  (await listCheckouts(tx, sql`o.identity_id = ${identityId} and o.lease_id = ${leaseId}`, 1))[0] ?? null;

export const insertCheckout = async (tx: Sql, of: Checkout): Promise<void> => {
  await sql`
    insert into checkouts (checkout_id, credential_id, entry_id, identity_id, impersonator_id, lease_id, is_exclusive,
      comment, correlation_id, checked_out_at, expires_at)
    values (${of.checkoutId}, ${of.credentialId}, ${of.entryId}, ${of.identityId}, ${of.impersonatorId}, ${of.leaseId},
      ${of.isExclusive}, ${of.comment}, ${of.correlationId}, ${of.checkedOutAt}, ${of.expiresAt})`.execute(tx);
};

/** False where it had ended before. */
export const setEnded = async (tx: Sql, checkoutId: string, by: EndedBy, at: Date): Promise<boolean> => {
  const { rows } = await sql`
    update checkouts set checked_in_at = ${at}, ended_by = ${by}
    where checkout_id = ${checkoutId} and checked_in_at is null returning checkout_id`.execute(tx);
  return rows.length > 0;
};

/** Ids of check-outs whose time is over, those that ended first in front. */
export const listDue = async (tx: Sql, now: Date, after: string, most: number): Promise<readonly string[]> => {
  const { rows } = await sql<{ id: string }>`
    select checkout_id as id from checkouts
    where checked_in_at is null and expires_at <= ${now} and checkout_id > ${after}
    order by checkout_id limit ${most}`.execute(tx);
  return rows.map(({ id }) => id);
};

/** Remembers that nothing is handed out under this lease any more. */
export const noteEndedLease = async (tx: Sql, identityId: string, leaseId: string, at: Date): Promise<void> => {
  await sql`insert into ended_leases (identity_id, lease_id, ended_at) values (${identityId}, ${leaseId}, ${at})
    on conflict do nothing`.execute(tx);
};

export const isEndedLease = async (tx: Sql, identityId: string, leaseId: string): Promise<boolean> => {
  const { rows } = await sql<{ is: boolean }>`
    select exists (select from ended_leases where identity_id = ${identityId} and lease_id = ${leaseId}) as is`.execute(
    tx,
  );
  return rows[0]?.is ?? false;
};

/** A request that is under way longer than a day has long been given up. */
export const forgetEndedLeases = async (tx: Sql, now: Date): Promise<void> => {
  await sql`delete from ended_leases where ended_at < ${new Date(now.getTime() - 86_400_000)}`.execute(tx);
};
