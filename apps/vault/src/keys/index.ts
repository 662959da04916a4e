export { createEnvelope, type Envelope } from './envelope.ts';
export { migrations } from './migrations.ts';
export { openKeys } from './open-keys.ts';
export { deleteSecrets, openSecret, openSecrets, putSecret, putSecrets, rewrapAll } from './store.ts';
