export { openReader } from './read-report.ts';
export { type Reconciler, startReconciler } from './reconcile.ts';
export { wrongPattern } from './redact.ts';
export { wrongTemplate } from './template.ts';
export { startWorker, type Worker } from './worker.ts';
