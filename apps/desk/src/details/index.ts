export { migrations } from './migrations.ts';
export { chatOf, filesOf, notesOf, ratingOf, withoutLinks } from './model.ts';
export { serveDetails } from './routes.ts';
export {
  claimDue,
  type DeskSession,
  findSession,
  type Holder,
  type KeptNote,
  listNotes,
  listSettled,
  releaseSession,
  saveFound,
  saveNote,
  saveTicket,
  tellSession,
} from './store.ts';
