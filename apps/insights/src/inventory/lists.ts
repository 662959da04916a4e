/** The read side of the inventory, below its routes: what benchmarks of the lists use. */
export { listings } from './kinds.ts';
export { listRows, parseQuery } from './query.ts';
