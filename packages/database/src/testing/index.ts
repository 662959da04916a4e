export { type DebianPostgres, startDebianPostgres } from './debian.ts';
export { makeSmallDisk, noSmallDisk, type SmallDisk } from './small-disk.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
