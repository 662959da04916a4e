export type { Database, Migration, Sql } from './database.ts';
