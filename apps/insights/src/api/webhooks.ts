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
/** A receiver that takes longer has not taken the message. */
export const answerWithinSeconds = 10;

export const webhookEvents = ['finding.opened', 'finding.resolved', 'connection.health_changed'] as const;
export const WebhookInput = z.strictObject({
  name: Name,
  url: z
    .url({
      protocol: /^https?$/,
      error: 'Enter an address that starts with https://, such as https://hooks.example.com/gatehouse.',
    })
    .max(2_000, 'The address is longer than 2,000 characters.'),
  events: z.array(z.enum(webhookEvents)).min(1, 'Choose at least one event to tell.'),
  minimumSeverity: Severity.default('high'),
  enabled: z.boolean().default(true),
  /** Left out: one is made and answered once. */
  secret: z
    .string()
    .min(16, 'A signing secret has at least 16 characters. Leave it out to have one made.')
    .max(200, 'A signing secret has at most 200 characters.')
    .optional(),
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
