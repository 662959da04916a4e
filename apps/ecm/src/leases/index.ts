export { type LeaseBook, openLeaseBook } from './book.ts';
export { createEndings, type Endings } from './endings.ts';
export { type BookedLease, toLease } from './lease.ts';
