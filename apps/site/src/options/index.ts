export { migrations } from './migrations.ts';
export { serveOptions } from './routes.ts';
export { getOptions } from './store.ts';
