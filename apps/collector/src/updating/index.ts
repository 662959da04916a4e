export { misconfiguredCode, supervise, type WorkMessage } from './supervisor.ts';
export { createUpdater, type Updater } from './updater.ts';
