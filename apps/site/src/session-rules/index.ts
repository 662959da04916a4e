export { migrations } from './migrations.ts';
export { serveSessionRules } from './routes.ts';
export { findRules } from './store.ts';
