import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';

interface Place {
  readonly connectionId: string;
  readonly ticketId: string;
}

/** A key that is being made for so long is not made any more. */
const makingMs = 60_000;

/** True: the caller makes it. Of several at once one does, and of those that ask soon after, nobody. */
export const beginKey = async (
  tx: Sql,
  {
    connectionId,
    ticketId,
    queue,
    madeBy,
    at,
  }: Place & { readonly queue: string; readonly madeBy: string; readonly at: Date },
  sameAfter: Date,
): Promise<boolean> => {
  const { rows } = await sql`
    insert into ticket_keys as k (connection_id, ticket_id, queue, made_by, made_at)
    values (${connectionId}, ${ticketId}, ${queue}, ${madeBy}, ${at})
    on conflict (connection_id, ticket_id) do update set sealed = null, queue = excluded.queue, made_by = excluded.made_by,
      made_at = excluded.made_at, expires_at = null
    where k.made_at < ${new Date(at.getTime() - makingMs)}
      or (k.sealed is not null and (k.made_at < ${sameAfter} or k.queue <> excluded.queue))
    returning ticket_id`.execute(tx);
  return rows.length > 0;
};

/** Null: none, or the last one failed. */
export const findKey = async (
  tx: Sql,
  { connectionId, ticketId }: Place,
): Promise<{ readonly sealed: string | null } | null> => {
  const { rows } = await sql<{ sealed: string | null }>`
    select sealed from ticket_keys where connection_id = ${connectionId} and ticket_id = ${ticketId}`.execute(tx);
  return rows[0] ?? null;
};

export const keepKey = async (
  tx: Sql,
  { connectionId, ticketId, sealed, expiresAt }: Place & { readonly sealed: string; readonly expiresAt: Date },
): Promise<void> => {
  await sql`update ticket_keys set sealed = ${sealed}, expires_at = ${expiresAt}
    where connection_id = ${connectionId} and ticket_id = ${ticketId}`.execute(tx);
};

export const forgetKey = async (tx: Sql, { connectionId, ticketId }: Place): Promise<void> => {
  await sql`delete from ticket_keys where connection_id = ${connectionId} and ticket_id = ${ticketId} and sealed is null`.execute(
    tx,
  );
};

/** What is kept of a key is of no use to anybody after a moment. */
export const forgetKeys = async (tx: Sql, before: Date): Promise<void> => {
  await sql`delete from ticket_keys where made_at < ${before}`.execute(tx);
};
