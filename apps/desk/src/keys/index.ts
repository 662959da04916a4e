export { migrations } from './migrations.ts';
export { serveKeys } from './routes.ts';
export { forgetKeys } from './store.ts';
