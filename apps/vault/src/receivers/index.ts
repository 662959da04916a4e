export { startForwarding } from './forward.ts';
export { migrations } from './migrations.ts';
export { serveReceivers } from './routes.ts';
