export { migrations } from './migrations.ts';
export { serveHostKeys } from './routes.ts';
export { endpointOf, findHostKey, type KeyProtocol, keepHostKey } from './store.ts';
