import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import { type PageOf, type PageQuery, readPage } from '../paging.ts';
import type { Receiver } from './model.ts';

export interface ListedReceiver extends Receiver {
  /** Entries that it does not have yet. */
  readonly behind: number;
}

const columns = sql`r.receiver_id as "receiverId", r.name, r.transport, r.host, r.port, r.format,
  r.certificate_authorities as "certificateAuthorities", r.enabled, r.acknowledged_seq as "acknowledgedSeq",
  r.acknowledged_at as "acknowledgedAt", r.attempt, r.advice, r.next_attempt_at as "nextAttemptAt"`;
const listed = sql`${columns}, (select coalesce(max(seq), 0) from vault_audit) - r.acknowledged_seq as behind`;

export const listReceivers = (tx: Sql, query: PageQuery): Promise<PageOf<ListedReceiver>> =>
  readPage<ListedReceiver>(
    tx,
    {
      ...{ columns: listed, from: sql`audit_receivers r`, where: sql`true` },
      ...{ order: [sql`lower(r.name)`], scope: 'receivers' },
    },
    query,
  );

export const findReceiver = async (tx: Sql, receiverId: string): Promise<ListedReceiver | null> => {
  const { rows } = await sql<ListedReceiver>`
    select ${listed} from audit_receivers r where r.receiver_id = ${receiverId}`.execute(tx);
  return rows[0] ?? null;
};

/** Keeps a receiver under its id: a new one, or in place of what it was. What it has stays; it is tried at once. */
export const putReceiver = async (tx: Sql, of: Omit<Receiver, 'attempt'>, at: Date): Promise<void> => {
  await sql`
    insert into audit_receivers (receiver_id, name, transport, host, port, format, certificate_authorities, enabled,
      acknowledged_seq, created_at)
    values (${of.receiverId}, ${of.name}, ${of.transport}, ${of.host}, ${of.port}, ${of.format},
      ${of.certificateAuthorities}, ${of.enabled}, ${of.acknowledgedSeq}, ${at})
    on conflict (receiver_id) do update set name = excluded.name, transport = excluded.transport, host = excluded.host,
      port = excluded.port, format = excluded.format, certificate_authorities = excluded.certificate_authorities,
      enabled = excluded.enabled, attempt = 0, advice = null, next_attempt_at = null`.execute(tx);
};

export const deleteReceiver = async (tx: Sql, receiverId: string): Promise<void> => {
  await sql`delete from audit_receivers where receiver_id = ${receiverId}`.execute(tx);
};

/** A process that has not settled for this long has lost what it sends. */
const claimMs = 60_000;

/** A receiver that is due and of which there is something new. Null: there is none. */
export const claimReceiver = async (tx: Sql, worker: string, at: Date): Promise<Receiver | null> => {
  const { rows } = await sql<Receiver>`
    update audit_receivers r set worker = ${worker}, claimed_until = ${new Date(at.getTime() + claimMs)}
    where receiver_id = (
      select receiver_id from audit_receivers
      where enabled and (next_attempt_at is null or next_attempt_at <= ${at})
        and (claimed_until is null or claimed_until < ${at})
        and acknowledged_seq < (select coalesce(max(seq), 0) from vault_audit)
      order by next_attempt_at nulls first, receiver_id limit 1 for update skip locked)
    returning ${columns}`.execute(tx);
  return rows[0] ?? null;
};

/** Says that the worker still sends. False where another process has it: whoever asks must not go on. */
export const noteAcknowledged = async (
  tx: Sql,
  of: { readonly receiverId: string; readonly worker: string; readonly seq: number },
  at: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    update audit_receivers set acknowledged_seq = ${of.seq}, acknowledged_at = ${at}, attempt = 0, advice = null,
      next_attempt_at = null, claimed_until = ${new Date(at.getTime() + claimMs)}
    where receiver_id = ${of.receiverId} and worker = ${of.worker} and enabled returning receiver_id`.execute(tx);
  return rows.length > 0;
};

/** Gives a receiver back. `failure`: what to do about it, and when it is tried again. */
export const giveBack = async (
  tx: Sql,
  of: { readonly receiverId: string; readonly worker: string },
  failure: { readonly advice: string; readonly until: Date } | null,
): Promise<void> => {
  await sql`update audit_receivers set worker = null, claimed_until = null
    where receiver_id = ${of.receiverId} and worker = ${of.worker} and ${failure === null}`.execute(tx);
  if (failure === null) return;
  await sql`update audit_receivers set worker = null, claimed_until = null, attempt = attempt + 1,
      advice = ${failure.advice}, next_attempt_at = ${failure.until}
    where receiver_id = ${of.receiverId} and worker = ${of.worker}`.execute(tx);
};
