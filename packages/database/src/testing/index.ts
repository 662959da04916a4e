export { type DebianPostgres, startDebianPostgres } from './debian.ts';
export { type TestDatabase, testDatabase } from './test-database.ts';
