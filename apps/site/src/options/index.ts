export { migrations } from './migrations.ts';
export { serveOptions } from './routes.ts';
export { getApplianceId, getOptions } from './store.ts';
