import type { Sql } from '@gatehouse/database';
import { newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { z } from 'zod';
import { webhookEvents } from '../api/webhooks.ts';
import { Severity } from '../api/words.ts';

const Row = z.object({
  webhookId: z.string(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.enum(webhookEvents)),
  minimumSeverity: Severity,
  enabled: z.boolean(),
  secret: z.string(),
  lastDelivery: z.object({ at: z.coerce.date(), ok: z.boolean(), status: z.number().nullable() }).nullable(),
});
/** `secret` is sealed. */
export type StoredWebhook = z.output<typeof Row>;
export type WebhookValues = Omit<StoredWebhook, 'lastDelivery' | 'webhookId'>;

const columns = sql`
  w.webhook_id as "webhookId", w.name, w.url, w.events, w.minimum_severity as "minimumSeverity", w.enabled, w.secret,
  (select jsonb_build_object('at', d.attempted_at, 'ok', d.delivered_at is not null, 'status', d.status)
    from deliveries d where d.tenant_id = w.tenant_id and d.webhook_id = w.webhook_id and d.attempted_at is not null
    order by d.delivery_id desc limit 1) as "lastDelivery"`;

export const listWebhooks = async (tx: Sql, tenantId: TenantId): Promise<readonly StoredWebhook[]> => {
  const { rows } = await sql`
    select ${columns} from webhooks w where w.tenant_id = ${tenantId}
    order by lower(w.name), w.webhook_id limit 500`.execute(tx);
  return z.array(Row).parse(rows);
};

export const findWebhook = async (tx: Sql, tenantId: TenantId, webhookId: string): Promise<StoredWebhook | null> => {
  const { rows } = await sql`
    select ${columns} from webhooks w
    where w.tenant_id = ${tenantId} and w.webhook_id = ${webhookId}`.execute(tx);
  return rows[0] === undefined ? null : Row.parse(rows[0]);
};

export const insertWebhook = async (
  tx: Sql,
  tenantId: TenantId,
  webhookId: string,
  values: WebhookValues,
  at: Date,
) => {
  await sql`
    insert into webhooks (tenant_id, webhook_id, name, url, events, minimum_severity, enabled, secret, created_at)
    values (${tenantId}, ${webhookId}, ${values.name}, ${values.url}, ${values.events}::text[], ${values.minimumSeverity},
      ${values.enabled}, ${values.secret}, ${at})`.execute(tx);
};

export const updateWebhook = async (tx: Sql, tenantId: TenantId, webhookId: string, values: WebhookValues) => {
  await sql`
    update webhooks set name = ${values.name}, url = ${values.url}, events = ${values.events}::text[],
      minimum_severity = ${values.minimumSeverity}, enabled = ${values.enabled}, secret = ${values.secret}
    where tenant_id = ${tenantId} and webhook_id = ${webhookId}`.execute(tx);
};

/** Its deliveries go with it: nobody could read them any more. */
export const deleteWebhook = async (tx: Sql, tenantId: TenantId, webhookId: string): Promise<boolean> => {
  await sql`delete from deliveries where tenant_id = ${tenantId} and webhook_id = ${webhookId}`.execute(tx);
  const { rows } = await sql`
    delete from webhooks where tenant_id = ${tenantId} and webhook_id = ${webhookId} returning webhook_id`.execute(tx);
  return rows.length > 0;
};

const DeliveryRow = z.object({
  deliveryId: z.string(),
  at: z.date(),
  event: z.string(),
  attempt: z.number(),
  status: z.number().nullable(),
  ok: z.boolean(),
  error: z.string().nullable(),
  nextAttemptAt: z.date().nullable(),
});
export type StoredDelivery = z.output<typeof DeliveryRow>;

const deliveryColumns = sql`
  delivery_id as "deliveryId", coalesce(attempted_at, created_at) as at, event, attempt, status,
  delivered_at is not null as ok, error, next_attempt_at as "nextAttemptAt"`;

/** Newest first. */
export const listDeliveries = async (
  tx: Sql,
  tenantId: TenantId,
  webhookId: string,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly StoredDelivery[]> => {
  const { rows } = await sql`
    select ${deliveryColumns} from deliveries where tenant_id = ${tenantId} and webhook_id = ${webhookId}
      and (${page.before}::uuid is null or delivery_id < ${page.before}::uuid)
    order by delivery_id desc limit ${page.limit}`.execute(tx);
  return z.array(DeliveryRow).parse(rows);
};

export const countDeliveries = async (tx: Sql, tenantId: TenantId, webhookId: string): Promise<number> => {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from deliveries
    where tenant_id = ${tenantId} and webhook_id = ${webhookId}`.execute(tx);
  return rows[0]?.count ?? 0;
};

export const findDelivery = async (tx: Sql, tenantId: TenantId, deliveryId: string): Promise<StoredDelivery | null> => {
  const { rows } = await sql`
    select ${deliveryColumns} from deliveries
    where tenant_id = ${tenantId} and delivery_id = ${deliveryId}`.execute(tx);
  return rows[0] === undefined ? null : DeliveryRow.parse(rows[0]);
};

/** A message to one webhook that is not sent by the queue: a test. */
export const insertTest = async (tx: Sql, tenantId: TenantId, webhookId: string, at: Date): Promise<string> => {
  const deliveryId = newId<string>(at.getTime());
  await sql`
    insert into deliveries (tenant_id, delivery_id, webhook_id, event, payload, created_at)
    values (${tenantId}, ${deliveryId}, ${webhookId}, 'test', ${JSON.stringify({ message: 'A test from Gatehouse.' })}::jsonb, ${at})`.execute(
    tx,
  );
  return deliveryId;
};
