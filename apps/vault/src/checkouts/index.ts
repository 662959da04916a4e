export { checkInLease, type Ended, endCheckout } from './check-in.ts';
export { checkOut } from './check-out.ts';
export { type ListEntry, listUsableEntries, placeOfEntry } from './entries.ts';
export { migrations } from './migrations.ts';
export type { CheckedOut, Rotation, Subject } from './model.ts';
export { serveCheckouts } from './routes.ts';
export { listCheckouts } from './store.ts';
export { nothingThere } from './subject.ts';
export { sweepCheckouts } from './sweep.ts';
