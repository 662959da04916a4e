export { changeCase, createCase, getCase, holdCase, writeNote } from './change.ts';
export { fieldsOf } from './fields.ts';
export { changesAfter } from './history.ts';
export { migrations } from './migrations.ts';
export { type By, type CaseRow, nextStatuses } from './model.ts';
export { type CaseNote, findNoteOfSession, newestNotes } from './notes.ts';
export { mailReply } from './reply.ts';
export { serveCases } from './routes.ts';
export { findByField } from './store.ts';
