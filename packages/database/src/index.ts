export { checkCatalogue } from './check-catalogue.ts';
export type { Bulk, Database, Migration, Sql } from './database.ts';
export { type KeepOptions, keepEmbedded } from './embedded/keep-embedded.ts';
export { type Embedded, type EmbeddedOptions, findEmbedded, startEmbedded } from './embedded/start-embedded.ts';
export { type Job, type Jobs, type JobsOptions, openJobs, type Queue } from './jobs.ts';
export { decodePlace, encodePlace, type Place } from './keyset.ts';
export { type OpenOptions, openDatabase } from './open-database.ts';
export { ConstraintError } from './pg-fault.ts';
export { StartFault } from './start-fault.ts';
