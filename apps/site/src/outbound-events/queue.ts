import type { Sql } from '@gatehouse/database';
import { sql } from 'kysely';
import type { Message, Outcome } from './send.ts';

/** Whom events are sent to. `secret` and `token` are sealed. */
export interface Recipient {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly caCertificate: string;
  readonly secret: string | null;
  readonly token: string | null;
  readonly retryInterval: number;
  readonly retryDuration: number;
  readonly alertEmails: readonly string[];
  /** Seconds that it fails until somebody is told. */
  readonly alertAfter: number;
  readonly failingSince: Date | null;
  /** It did not take the last one, or somebody was told so. */
  readonly isFailing: boolean;
}

/** One copy of the site: only whoever holds the turn of a recipient sends to it, so that the order is kept. */
export interface Holder {
  readonly id: string;
  /** A turn that nobody extends for so long is anybody's. */
  readonly leaseMs: number;
}

export const recipientColumns = sql`r.id, r.name, r.url, r.ca_certificate as "caCertificate", r.secret, r.token,
  r.retry_interval as "retryInterval", r.retry_duration as "retryDuration", r.alert_emails as "alertEmails",
  r.alert_after as "alertAfter", r.failing_since as "failingSince",
  (r.failing_since is not null or r.alerted_at is not null) as "isFailing"`;

// By the clock of the database, which is the same for every copy.
const untilOf = ({ leaseMs }: Holder) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

/** Takes the turns of recipients for whom something is due and that nobody sends to. */
export const claimTurns = async (tx: Sql, holder: Holder, now: Date): Promise<readonly number[]> => {
  const { rows } = await sql<{ id: number }>`
    update outbound_recipients set holder = ${holder.id}, held_until = ${untilOf(holder)} where id in (
      select r.id from outbound_recipients r
      where r.enabled and (r.held_until is null or r.held_until < clock_timestamp())
        and (r.next_try_at is null or r.next_try_at <= ${now})
        and exists (select from outbound_deliveries d where d.recipient_id = r.id and d.state = 'queued')
      for no key update skip locked)
    returning id`.execute(tx);
  return rows.map(({ id }) => id);
};

export interface Due {
  readonly recipient: Recipient;
  readonly message: Message & { readonly firstTriedAt: Date | null };
}

/** The first that waits, with the turn extended. Null: nothing is due, or the turn is lost. */
export const takeNext = async (tx: Sql, holder: Holder, recipientId: number, now: Date): Promise<Due | null> => {
  const { rows } = await sql<Recipient & Due['message']>`
    with held as (update outbound_recipients set held_until = ${untilOf(holder)}
      where id = ${recipientId} and holder = ${holder.id} and enabled
        and (next_try_at is null or next_try_at <= ${now}) returning *)
    select ${recipientColumns}, d.delivery_id as "deliveryId", d.parameters, d.first_tried_at as "firstTriedAt"
    from held r, lateral (select * from outbound_deliveries where recipient_id = r.id and state = 'queued'
      order by place limit 1) d`.execute(tx);
  const row = rows[0];
  if (row === undefined) return null;
  const { deliveryId, parameters, firstTriedAt, ...recipient } = row;
  return { recipient, message: { deliveryId, parameters, firstTriedAt } };
};

export const releaseTurn = async (tx: Sql, holder: Holder, recipientId: number): Promise<void> => {
  await sql`update outbound_recipients set holder = null, held_until = null
    where id = ${recipientId} and holder = ${holder.id}`.execute(tx);
};

/** Before anything of it is changed: whoever deletes it takes its deliveries afterwards, too. */
export const lockRecipient = async (tx: Sql, id: number): Promise<void> => {
  await sql`select from outbound_recipients where id = ${id} for no key update`.execute(tx);
};

/** What came of one try. What another copy noted meanwhile stays. */
export const noteTry = async (
  tx: Sql,
  deliveryId: string,
  { status, error }: Outcome,
  state: 'queued' | 'delivered' | 'given_up',
  at: Date,
): Promise<void> => {
  await sql`
    update outbound_deliveries set state = ${state}, tries = tries + 1, status = ${status}, error = ${error},
      tried_at = ${at}, first_tried_at = coalesce(first_tried_at, ${at}),
      over_at = ${state === 'queued' ? null : at}::timestamptz
    where delivery_id = ${deliveryId} and state = 'queued'`.execute(tx);
};

/** The recipient failed: nothing is sent to it before `next`; null: the next event may be tried at once. */
export const noteFailing = async (tx: Sql, id: number, error: string, at: Date, next: Date | null): Promise<void> => {
  await sql`update outbound_recipients set last_error = ${error}, failing_since = coalesce(failing_since, ${at}),
    next_try_at = ${next} where id = ${id}`.execute(tx);
};

/** It took one. */
export const noteWorking = async (tx: Sql, id: number): Promise<void> => {
  await sql`update outbound_recipients set last_error = '', failing_since = null, next_try_at = null
    where id = ${id}`.execute(tx);
};

/** Keeps the log for thirty days, a bounded number at a time. */
export const forgetDeliveries = async (tx: Sql, now: Date): Promise<void> => {
  const before = new Date(now.getTime() - 30 * 86_400_000);
  await sql`delete from outbound_deliveries where delivery_id in (
    select delivery_id from outbound_deliveries where over_at < ${before} limit 5000)`.execute(tx);
};
