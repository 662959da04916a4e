export { BegunAnew } from './run-store.ts';
export { openSpool, type Pending, type Spool } from './spool.ts';
export type { SpooledStream } from './stream-spool.ts';
