export { migrations } from './migrations.ts';
export { apiAccounts } from './model.ts';
export { isAllowed } from './network.ts';
export { serveApiAccounts } from './routes.ts';
export { hashSecret, isSecret } from './secrets.ts';
