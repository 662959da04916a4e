import { z } from 'zod';
import { Name, Severity, When } from './words.ts';

/**
 * GET, POST (administrator) /api/tenants/:tenantId/webhooks; PATCH, DELETE …/:webhookId; POST …/:webhookId/test → Delivery;
 * GET …/:webhookId/deliveries → list(Delivery). Signed as Standard Webhooks does: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64 HMAC-SHA256>`.
 */
export const Webhook = z.object({
  webhookId: z.uuid(),
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  minimumSeverity: Severity,
  enabled: z.boolean(),
  secret: z.object({ isSet: z.literal(true) }),
  lastDelivery: z.object({ at: When, ok: z.boolean(), status: z.number().nullable() }).nullable(),
});
export const webhookEvents = ['finding.opened', 'finding.resolved', 'connection.health_changed'] as const;
export const WebhookInput = z.strictObject({
  name: Name,
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  events: z.array(z.enum(webhookEvents)).min(1),
  minimumSeverity: Severity.default('high'),
  enabled: z.boolean().default(true),
  /** Left out: one is made and answered once. */
  secret: z.string().min(16).max(200).optional(),
});
export const WebhookCreated = Webhook.extend({ revealedSecret: z.string().nullable() });
export const Delivery = z.object({
  deliveryId: z.uuid(),
  at: When,
  event: z.string(),
  attempt: z.number().int(),
  status: z.number().nullable(),
  ok: z.boolean(),
  error: z.string().nullable(),
  nextAttemptAt: When.nullable(),
});
