import type { Database, Sql } from '@gatehouse/database';
import { createHost, findReceiver, type Resolve, sign } from '@gatehouse/host';
import { type Clock, type TenantId, toFault } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import { sql } from 'kysely';
import { z } from 'zod';
import { answerWithinSeconds } from '../api/webhooks.ts';

export interface DeliveryParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  /** Lets webhooks reach private and loopback addresses, for receivers inside the network. */
  readonly allowPrivateWebhooks: boolean;
  /** Where the names of receivers lead. Default: as this machine resolves names. */
  readonly resolve?: Resolve;
}

interface Due {
  readonly tenantId: TenantId;
  readonly deliveryId: string;
}

/** Sends what is due, of every tenant, a few at a time. Answers with how many were tried. */
export const deliverDue = async (parts: DeliveryParts, signal: AbortSignal): Promise<number> => {
  const due = await parts.database.system((tx) => claimDue(tx, parts.clock.now()));
  await Promise.all(due.map(({ tenantId, deliveryId }) => deliverOne(parts, tenantId, deliveryId, signal)));
  return due.length;
};

/** Nobody else tries a claimed message for two minutes; an attempt takes at most twenty seconds. */
const claimDue = async (tx: Sql, at: Date): Promise<readonly Due[]> => {
  const { rows } = await sql<Due>`
    update deliveries set next_attempt_at = ${new Date(at.getTime() + 120_000)}
    where (tenant_id, delivery_id) in (
      select tenant_id, delivery_id from deliveries where next_attempt_at <= ${at}
      order by next_attempt_at limit 16 for update skip locked)
    returning tenant_id as "tenantId", delivery_id as "deliveryId"`.execute(tx);
  return rows;
};

/** One attempt, and what came of it in the delivery's row. Never throws for what the receiver did. */
export const deliverOne = async (
  parts: DeliveryParts,
  tenantId: TenantId,
  deliveryId: string,
  signal: AbortSignal,
): Promise<void> => {
  const { database, sealer, clock, log } = parts;
  const message = await database.tenant(tenantId, (tx) => findMessage(tx, tenantId, deliveryId));
  if (!message) {
    // Turned off or deleted since: nobody waits for it.
    await database.tenant(tenantId, (tx) => giveUp(tx, tenantId, deliveryId));
    return;
  }
  const at = clock.now();
  const body = JSON.stringify({
    type: message.event,
    timestamp: message.createdAt.toISOString(),
    data: message.payload,
  });
  let outcome: Attempt;
  try {
    const secret = sealer.open(message.secret, [tenantId, message.webhookId, 'secret']);
    outcome = await send(parts, message.url, sign(secret, deliveryId, at, body), body, signal);
  } catch (error) {
    if (signal.aborted) return;
    const fault = toFault(error);
    if (fault.kind === 'unexpected') log.warn({ err: error, deliveryId }, 'a webhook could not be sent');
    // A sentence of its own in the list of deliveries.
    outcome = { status: null, error: `${fault.advice.charAt(0).toUpperCase()}${fault.advice.slice(1)}` };
  }
  const attempt = message.attempt + 1;
  const next = outcome.error === null || !message.isQueued ? null : nextAttempt(attempt, message.createdAt, at);
  await database.tenant(tenantId, (tx) => saveAttempt(tx, tenantId, deliveryId, { ...outcome, attempt, at, next }));
};

interface Attempt {
  readonly status: number | null;
  readonly error: string | null;
}

/** Ten seconds, then twice as long each time up to two hours, for a day; then it is given up. */
export const nextAttempt = (attempt: number, createdAt: Date, at: Date, random = Math.random): Date | null => {
  const pauseMs = Math.min(10_000 * 2 ** (attempt - 1), 7_200_000);
  const next = new Date(at.getTime() + Math.round(pauseMs * (0.9 + random() * 0.2)));
  return next.getTime() - createdAt.getTime() > 86_400_000 ? null : next;
};

/** A message without headers of its own that matter beyond these; the answer's body is not read. */
const send = async (
  { clock, log, allowPrivateWebhooks, resolve }: DeliveryParts,
  address: string,
  headers: object,
  body: string,
  signal: AbortSignal,
): Promise<Attempt> => {
  const url = new URL(address);
  const addresses = allowPrivateWebhooks ? undefined : await findReceiver(url, resolve);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
  const host = createHost({ signal: limit, clock, attempts: 1, log: (line) => log.debug(line, 'asked') });
  const http = host.http({
    ...{ origin: url.origin, system: 'the receiver', timeoutMs: answerWithinSeconds * 1_000, maxBytes: 65_536 },
    ...(addresses && { addresses }),
  });
  const answer = await http.fetch(url, {
    method: 'POST',
    body,
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': 'Gatehouse' },
    redirect: 'manual',
    signal: limit,
  });
  await answer.body?.cancel();
  if (answer.ok) return { status: answer.status, error: null };
  return { status: answer.status, error: `The receiver answered ${answer.status}.` };
};

const Message = z.object({
  webhookId: z.string(),
  url: z.string(),
  secret: z.string(),
  event: z.string(),
  payload: z.unknown(),
  attempt: z.number(),
  createdAt: z.date(),
  isQueued: z.boolean(),
});

const findMessage = async (tx: Sql, tenantId: TenantId, deliveryId: string) => {
  const { rows } = await sql`
    select d.webhook_id as "webhookId", w.url, w.secret, d.event, d.payload, d.attempt, d.created_at as "createdAt",
      d.next_attempt_at is not null as "isQueued"
    from deliveries d join webhooks w on w.tenant_id = d.tenant_id and w.webhook_id = d.webhook_id
    where d.tenant_id = ${tenantId} and d.delivery_id = ${deliveryId} and d.delivered_at is null
      and (w.enabled or d.next_attempt_at is null)`.execute(tx);
  return rows[0] === undefined ? null : Message.parse(rows[0]);
};

const giveUp = async (tx: Sql, tenantId: TenantId, deliveryId: string): Promise<void> => {
  await sql`
    update deliveries set next_attempt_at = null, error = 'The webhook is turned off.'
    where tenant_id = ${tenantId} and delivery_id = ${deliveryId} and delivered_at is null`.execute(tx);
};

const saveAttempt = async (
  tx: Sql,
  tenantId: TenantId,
  deliveryId: string,
  { status, error, attempt, at, next }: Attempt & { attempt: number; at: Date; next: Date | null },
): Promise<void> => {
  await sql`
    update deliveries set attempt = ${attempt}, status = ${status}, error = ${error}, attempted_at = ${at},
      delivered_at = case when ${error === null} then ${at}::timestamptz end, next_attempt_at = ${next}
    where tenant_id = ${tenantId} and delivery_id = ${deliveryId}`.execute(tx);
};

/** Forgets messages that were sent or given up a month ago, a bounded number at a time. */
export const forgetDeliveries = async (tx: Sql, at: Date): Promise<void> => {
  await sql`
    delete from deliveries where (tenant_id, delivery_id) in (
      select tenant_id, delivery_id from deliveries
      where next_attempt_at is null and created_at < ${new Date(at.getTime() - 30 * 86_400_000)} limit 5000)`.execute(
    tx,
  );
};
