export { checkInLease, type Ended, endCheckout } from './check-in.ts';
export { checkOut } from './check-out.ts';
export { type ListEntry, listUsableEntries, placeOfEntry } from './entries.ts';
export { mayUse } from './may-use.ts';
export { migrations } from './migrations.ts';
export type { CheckedOut, CheckOutInput, Checkout, EndedBy, Rotation, Subject } from './model.ts';
export { findCheckout, listCheckouts } from './store.ts';
export { nothingThere, wordsOfSubject } from './subject.ts';
export { sweepCheckouts } from './sweep.ts';
