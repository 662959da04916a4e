export { migrations } from './migrations.ts';
export { registerDashboardRoutes } from './routes.ts';
export { countInventory, recordDay } from './snapshot.ts';
