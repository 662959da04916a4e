export { type DeliveryParts, deliverDue, forgetDeliveries } from './deliver.ts';
export { emit, emitAll } from './emit.ts';
export { migrations } from './migrations.ts';
export { serveWebhooks } from './routes.ts';
