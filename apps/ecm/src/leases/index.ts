export { type LeaseBook, openLeaseBook } from './book.ts';
export { createEndings, type Endings } from './endings.ts';
export { type BookedLease, toLease, type Wanted, type Why } from './lease.ts';
