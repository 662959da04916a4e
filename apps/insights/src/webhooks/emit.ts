import type { Sql } from '@gatehouse/database';
import { type Json, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { webhookEvents } from '../api/webhooks.ts';
import { severities } from '../api/words.ts';

export type WebhookEvent = (typeof webhookEvents)[number];

/** What is told. With a `severity` only webhooks that ask for it or for less are told. */
export interface Payload {
  readonly severity?: (typeof severities)[number];
  readonly [field: string]: Json | undefined;
}

/**
 * Writes one message for every webhook of the tenant that wants it, in the caller's transaction: told if and only if
 * what it tells is committed. Sending comes later.
 */
export const emit = (tx: Sql, tenantId: TenantId, event: WebhookEvent, payload: Payload): Promise<void> =>
  emitAll(tx, tenantId, event, [payload]);

/** The same for many at once. */
export const emitAll = async (
  tx: Sql,
  tenantId: TenantId,
  event: WebhookEvent,
  payloads: readonly Payload[],
): Promise<void> => {
  if (payloads.length === 0) return;
  const { rows: webhooks } = await sql<{ webhook_id: string; minimum_severity: (typeof severities)[number] }>`
    select webhook_id, minimum_severity from webhooks
    where tenant_id = ${tenantId} and enabled and ${event} = any(events) limit 500`.execute(tx);
  const wanted = webhooks.flatMap((webhook) =>
    payloads
      .filter(({ severity }) => !severity || level(severity) >= level(webhook.minimum_severity))
      .map((payload) => ({ delivery: newId(), webhook: webhook.webhook_id, payload })),
  );
  for (let from = 0; from < wanted.length; from += 500) {
    const some = wanted.slice(from, from + 500);
    await sql`
      insert into deliveries (tenant_id, delivery_id, webhook_id, event, payload, created_at, next_attempt_at)
      select ${tenantId}, (one ->> 'delivery')::uuid, (one ->> 'webhook')::uuid, ${event}, one -> 'payload', now(), now()
      from jsonb_array_elements(${JSON.stringify(some)}::jsonb) one`.execute(tx);
  }
};

const level = (severity: (typeof severities)[number]) => severities.indexOf(severity);
