export { endAcceptances, evaluating } from './after-read.ts';
export { migrations } from './migrations.ts';
export { registerFindingRoutes } from './routes.ts';
