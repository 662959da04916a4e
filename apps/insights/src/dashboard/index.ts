export { migrations } from './migrations.ts';
export { type DashboardRouteParts, registerDashboardRoutes } from './routes.ts';
export { countInventory, recordDay } from './snapshot.ts';
