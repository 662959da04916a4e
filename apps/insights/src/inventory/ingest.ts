/** The write side of the inventory: what runs, tests and benchmarks of the pipeline use. */
export { inventoryMigrations } from './migrations.ts';
export { lineFields } from './record-line.ts';
export { openRunStore } from './store-run.ts';
