export { summariseOutbound } from './alerts.ts';
export { migrations } from './migrations.ts';
export { outboundRecipients } from './model.ts';
export { type Outbound, openOutbound } from './open-outbound.ts';
export { serveOutbound } from './routes.ts';
