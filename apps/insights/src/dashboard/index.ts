export { migrations } from './migrations.ts';
export { registerDashboardRoutes } from './routes.ts';
export { countInventory, recordDay, recountDormant } from './snapshot.ts';
