export { correlating } from './after-read.ts';
export { migrations } from './migrations.ts';
export { registerIdentityRoutes } from './routes.ts';
