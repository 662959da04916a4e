export { migrations } from './migrations.ts';
export { serveAccounts } from './routes.ts';
export { type Account, findByToken, type Permission } from './store.ts';
