export { type EventName, events } from '../api/events.ts';
export type { Author, Entry, EntryInput } from './entry.ts';
export { migrations } from './migrations.ts';
export { serveAudit } from './routes.ts';
export { type Audit, listEntries, openAudit } from './store.ts';
