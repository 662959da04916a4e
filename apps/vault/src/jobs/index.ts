export { type Step, steps } from './change-parts.ts';
export { afterCheckIn, createJob, createJobFromTemplate, createSpin, type JobDoor, jobDoor } from './door.ts';
export { migrations } from './migrations.ts';
export type { JobSettings, Schedule } from './model.ts';
export { newSecret } from './new-secret.ts';
export { platforms } from './platforms.ts';
export { type JobRouteParts, serveJobs } from './routes.ts';
export { cancelJob, findJob, type JobTarget, listTargets } from './store.ts';
export { type JobWorker, startJobWorker } from './worker.ts';
