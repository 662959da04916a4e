export { countRecords } from './detail.ts';
export { inventoryMigrations, lineFields, openRunStore } from './ingest.ts';
export { privilegeWords } from './kinds.ts';
export { listMigrations } from './list-migrations.ts';
export { purgeGone } from './purge.ts';
export { serveInventory } from './routes.ts';
