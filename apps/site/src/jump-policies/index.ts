export { migrations } from './migrations.ts';
export { jumpItemRoles, jumpPolicies, sessionPolicies } from './model.ts';
export { serveSchedules } from './routes.ts';
export { findSchedule } from './store.ts';
export { isWithin } from './within.ts';
