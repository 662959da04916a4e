export type { AfterRead, AfterReadContext } from './after-read.ts';
export type { RunParts } from './lease.ts';
export { migrations } from './migrations.ts';
export { type RunRouteParts, serveRuns } from './routes.ts';
export { queueDue } from './schedule.ts';
export { type TellConnectivity, tellConnectivity } from './settle.ts';
export { queueRun } from './store.ts';
export { type RunWatch, watchRuns } from './watch.ts';
export { reclaim, startWorker, type Worker } from './worker.ts';
