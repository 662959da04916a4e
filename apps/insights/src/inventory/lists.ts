/** The read side of the inventory, below its routes: what benchmarks of the lists use. */
export { listings } from './kinds.ts';
export { listRows } from './list-rows.ts';
export { parseQuery } from './query.ts';
