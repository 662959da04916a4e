export type { Author, Entry, EntryInput } from './entry.ts';
export { type EventName, events } from './events.ts';
export { migrations } from './migrations.ts';
export { serveAudit } from './routes.ts';
export { type Audit, listEntries, openAudit } from './store.ts';
