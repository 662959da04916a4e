export { misconfiguredCode, supervise, type WorkMessage } from './supervisor.ts';
export { createUpdater } from './updater.ts';
