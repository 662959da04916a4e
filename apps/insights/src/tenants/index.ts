export { deleteTenants } from './delete.ts';
export { migrations } from './migrations.ts';
export { dormantDaysOf, KeptSettings } from './model.ts';
export { serveTenants } from './routes.ts';
export { findRole, listTenants } from './store.ts';
