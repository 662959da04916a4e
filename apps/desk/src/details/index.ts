export { migrations } from './migrations.ts';
export { chatOf, filesOf, isChat, notesOf, ratingOf, withoutLinks } from './model.ts';
export { serveDetails } from './routes.ts';
export {
  claimDue,
  type DeskSession,
  findKnown,
  findSession,
  type Holder,
  hasLater,
  type KeptNote,
  listNotes,
  mayMove,
  moveNotes,
  releaseSession,
  saveFound,
  saveMoved,
  saveNote,
  saveTicket,
  tellSession,
  tellTicket,
} from './store.ts';
