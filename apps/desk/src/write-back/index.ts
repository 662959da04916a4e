export { openReader } from './read-report.ts';
export { type Reconciler, startReconciler } from './reconcile.ts';
export { startWorker, type Worker } from './worker.ts';
