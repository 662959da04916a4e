export { endAcceptances, evaluating } from './after-read.ts';
export { migrations } from './migrations.ts';
export { type FindingRouteParts, registerFindingRoutes } from './routes.ts';
