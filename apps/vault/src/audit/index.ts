export type { Author, EntryInput } from './entry.ts';
export { migrations } from './migrations.ts';
export { serveAudit } from './routes.ts';
export { type Audit, listEntries, openAudit } from './store.ts';
