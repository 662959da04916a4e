export { openEventLogs, plannedEventLogs } from './event-logs.ts';
export { EventSettings } from './event-settings.ts';
