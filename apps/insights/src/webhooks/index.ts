export { type DeliveryParts, deliverDue, forgetDeliveries } from './deliver.ts';
export { emit, emitAll, type Payload, type WebhookEvent } from './emit.ts';
export { migrations } from './migrations.ts';
export { serveWebhooks } from './routes.ts';
