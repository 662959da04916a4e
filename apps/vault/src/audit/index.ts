export type { Author, EntryInput } from './entry.ts';
export { type KeptEntry, lineOf, syslogHeader } from './lines.ts';
export { newestSeq } from './list.ts';
export { migrations } from './migrations.ts';
export { serveAudit } from './routes.ts';
export { type Audit, listEntries, openAudit } from './store.ts';
