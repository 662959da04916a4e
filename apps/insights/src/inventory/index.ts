export { countRecords } from './detail.ts';
export { inventoryMigrations, openRunStore } from './ingest.ts';
export { listMigrations } from './list-migrations.ts';
export { purgeGone } from './purge.ts';
export { endRetention } from './retention.ts';
export { serveInventory } from './routes.ts';
