export { askForApproval } from './ask.ts';
export { migrations } from './migrations.ts';
export { serveApprovals } from './routes.ts';
export { findStanding } from './store.ts';
