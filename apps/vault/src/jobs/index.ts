export { type ChangeParts, changeSecret, type Outcome, type Step, settleChange, steps } from './change-secret.ts';
export { afterCheckIn, createJob, createJobFromTemplate, createSpin, type JobOrder, listTemplateJobs } from './door.ts';
export { migrations } from './migrations.ts';
export { type Job, type JobKind, JobSettings, jobKinds, nextRunAfter, Schedule } from './model.ts';
export { cancelJob, findJob, type JobTarget, listTargets } from './store.ts';
export { type JobWorker, startJobWorker } from './worker.ts';
