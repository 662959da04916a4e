export { migrations } from './migrations.ts';
export { forgetEvents } from './receive.ts';
export { serveEvents } from './routes.ts';
export { openSenders } from './senders.ts';
