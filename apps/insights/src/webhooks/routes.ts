import type { Database } from '@gatehouse/database';
import { newWebhookSecret } from '@gatehouse/host';
import { type Clock, newId, Secret } from '@gatehouse/kernel';
import { type App, audit, problems, type Sealer } from '@gatehouse/server';
import { z } from 'zod';
import { Delivery, Webhook, WebhookCreated, WebhookInput } from '../api/webhooks.ts';
import { ListQuery, list } from '../api/words.ts';
import { parsePlace, writePlace } from '../paging.ts';
import { type DeliveryParts, deliverOne } from './deliver.ts';
import {
  countDeliveries,
  deleteWebhook,
  findDelivery,
  findWebhook,
  insertTest,
  insertWebhook,
  listDeliveries,
  listWebhooks,
  type StoredDelivery,
  type StoredWebhook,
  updateWebhook,
} from './store.ts';

const tags = ['webhooks'];
const administrator = { access: { tenant: 'administrator' } } as const;
const InTenant = z.object({ tenantId: z.uuid() });
const OneWebhook = InTenant.extend({ webhookId: z.uuid() });
/** Defaults belong to creation: what a change leaves out stays. */
const WebhookChange = z.strictObject({
  name: WebhookInput.shape.name.optional(),
  url: WebhookInput.shape.url.optional(),
  events: WebhookInput.shape.events.optional(),
  minimumSeverity: WebhookInput.shape.minimumSeverity.unwrap().optional(),
  enabled: z.boolean().optional(),
  secret: WebhookInput.shape.secret,
});

export interface WebhookRouteParts {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly delivery: DeliveryParts;
}

export const serveWebhooks = (app: App, { database, sealer, clock, delivery }: WebhookRouteParts): void => {
  const seal = (secret: Secret, tenantId: string, webhookId: string) =>
    sealer.seal(secret, [tenantId, webhookId, 'secret']);

  app.get(
    '/api/tenants/:tenantId/webhooks',
    {
      config: administrator,
      schema: { summary: 'Webhooks', tags, params: InTenant, response: { 200: z.array(Webhook) } },
    },
    async ({ grant }) => {
      const webhooks = await database.tenant(grant.tenantId, (tx) => listWebhooks(tx, grant.tenantId));
      return webhooks.map(toWebhook);
    },
  );

  app.post(
    '/api/tenants/:tenantId/webhooks',
    {
      config: administrator,
      schema: {
        summary: 'Add a webhook',
        tags,
        params: InTenant,
        body: WebhookInput,
        response: { 201: WebhookCreated },
      },
    },
    async ({ grant, body }, reply) => {
      const { tenantId } = grant;
      const at = clock.now();
      const webhookId = newId<string>(at.getTime());
      const secret = body.secret === undefined ? newWebhookSecret() : new Secret(body.secret);
      const { secret: _, ...rest } = body;
      const made = await database.tenant(tenantId, async (tx) => {
        await insertWebhook(tx, tenantId, webhookId, { ...rest, secret: seal(secret, tenantId, webhookId) }, at);
        await audit(tx, grant, { action: 'webhook.create', target: body.name, change: { ...rest, webhookId } });
        return await getWebhook(tx, tenantId, webhookId);
      });
      reply.code(201);
      return { ...toWebhook(made), revealedSecret: body.secret === undefined ? secret.reveal() : null };
    },
  );

  app.patch(
    '/api/tenants/:tenantId/webhooks/:webhookId',
    {
      config: administrator,
      schema: {
        ...{ summary: 'Change a webhook', tags, params: OneWebhook, body: WebhookChange },
        response: { 200: Webhook },
      },
    },
    async ({ grant, params: { webhookId }, body }) => {
      const { tenantId } = grant;
      const changed = await database.tenant(tenantId, async (tx) => {
        const { lastDelivery: _, webhookId: __, ...before } = await getWebhook(tx, tenantId, webhookId);
        const values = {
          name: body.name ?? before.name,
          url: body.url ?? before.url,
          events: body.events ?? before.events,
          minimumSeverity: body.minimumSeverity ?? before.minimumSeverity,
          enabled: body.enabled ?? before.enabled,
          secret: body.secret === undefined ? before.secret : seal(new Secret(body.secret), tenantId, webhookId),
        };
        await updateWebhook(tx, tenantId, webhookId, values);
        const { secret, ...shown } = body;
        const change = { ...shown, ...(secret !== undefined && { secret: 'replaced' }) };
        await audit(tx, grant, { action: 'webhook.change', target: values.name, change });
        return await getWebhook(tx, tenantId, webhookId);
      });
      return toWebhook(changed);
    },
  );

  app.delete(
    '/api/tenants/:tenantId/webhooks/:webhookId',
    {
      config: administrator,
      schema: { summary: 'Delete a webhook', tags, params: OneWebhook, response: { 204: z.void() } },
    },
    async ({ grant, params: { webhookId } }, reply) => {
      const { tenantId } = grant;
      await database.tenant(tenantId, async (tx) => {
        const webhook = await getWebhook(tx, tenantId, webhookId);
        await deleteWebhook(tx, tenantId, webhookId);
        await audit(tx, grant, { action: 'webhook.delete', target: webhook.name });
      });
      return reply.code(204).send();
    },
  );

  app.post(
    '/api/tenants/:tenantId/webhooks/:webhookId/test',
    {
      config: administrator,
      schema: { summary: 'Send a test message now', tags, params: OneWebhook, response: { 200: Delivery } },
    },
    async ({ grant, params: { webhookId } }) => {
      const { tenantId } = grant;
      const deliveryId = await database.tenant(tenantId, async (tx) => {
        const webhook = await getWebhook(tx, tenantId, webhookId);
        await audit(tx, grant, { action: 'webhook.test', target: webhook.name });
        return await insertTest(tx, tenantId, webhookId, clock.now());
      });
      await deliverOne(delivery, tenantId, deliveryId, app.closing);
      const sent = await database.tenant(tenantId, (tx) => findDelivery(tx, tenantId, deliveryId));
      if (!sent) throw problems.notFound();
      return toDelivery(sent);
    },
  );

  app.get(
    '/api/tenants/:tenantId/webhooks/:webhookId/deliveries',
    {
      config: administrator,
      schema: {
        ...{ summary: 'What was sent to a webhook, newest first', tags, params: OneWebhook, querystring: ListQuery },
        response: { 200: list(Delivery) },
      },
    },
    async ({ grant, params: { webhookId }, query }) => {
      const { tenantId } = grant;
      const asked = `deliveries ${tenantId} ${webhookId}`;
      const before = parsePlace(query.cursor, asked);
      return await database.tenant(tenantId, async (tx) => {
        await getWebhook(tx, tenantId, webhookId);
        const rows = await listDeliveries(tx, tenantId, webhookId, { before, limit: query.limit + 1 });
        const items = rows.slice(0, query.limit);
        return {
          items: items.map(toDelivery),
          next: rows.length > items.length ? writePlace(items.at(-1)?.deliveryId, asked) : null,
          total: { value: await countDeliveries(tx, tenantId, webhookId), exact: true },
        };
      });
    },
  );
};

const getWebhook = async (...at: Parameters<typeof findWebhook>): Promise<StoredWebhook> => {
  const webhook = await findWebhook(...at);
  if (!webhook) throw problems.notFound();
  return webhook;
};

const toWebhook = ({ secret: _, lastDelivery, ...webhook }: StoredWebhook): z.input<typeof Webhook> => ({
  ...webhook,
  secret: { isSet: true },
  lastDelivery: lastDelivery && { ...lastDelivery, at: lastDelivery.at.toISOString() },
});

const toDelivery = ({ at, nextAttemptAt, ...delivery }: StoredDelivery): z.input<typeof Delivery> => ({
  ...delivery,
  at: at.toISOString(),
  nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
});
