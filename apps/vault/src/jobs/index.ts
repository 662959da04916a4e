export { type ChangeParts, changeSecret, type Outcome, type Step, settleChange, steps } from './change-secret.ts';
export { afterCheckIn, createJob, createJobFromTemplate, createSpin, type JobOrder, jobDoor } from './door.ts';
export { migrations } from './migrations.ts';
export type { Job, JobKind, JobSettings, Schedule } from './model.ts';
export { newSecret } from './new-secret.ts';
export { platforms } from './platforms.ts';
export { type JobRouteParts, serveJobs } from './routes.ts';
export { cancelJob, findJob, type JobTarget, listTargets } from './store.ts';
export { type JobWorker, startJobWorker } from './worker.ts';
