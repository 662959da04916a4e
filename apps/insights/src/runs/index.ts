export type { AfterRead } from './after-read.ts';
export type { RunParts } from './lease.ts';
export { migrations } from './migrations.ts';
export { serveRuns } from './routes.ts';
export { queueDue } from './schedule.ts';
export { type TellConnectivity, tellConnectivity } from './settle.ts';
export { queueRun } from './store.ts';
export { watchRuns } from './watch.ts';
export { reclaim, startWorker, type Worker } from './worker.ts';
