export { type DebianPostgres, startDebianPostgres } from './debian.ts';
export { type Listener, listenTo } from './listen.ts';
export { makeSmallDisk, noSmallDisk, type SmallDisk } from './small-disk.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
