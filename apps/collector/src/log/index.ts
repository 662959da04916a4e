export { type Level, type Log, openLog } from './rolling-log.ts';
