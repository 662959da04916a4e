export { migrations } from './migrations.ts';
export { openSupport, type Support } from './open-support.ts';
export { serveSupport } from './serve-support.ts';
