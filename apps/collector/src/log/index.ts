export { type Log, openLog } from './rolling-log.ts';
