import type { Migration } from '@gatehouse/database';
import { serverMigrations } from '@gatehouse/server';

/** The whole schema of the desk program; the order is that of the names. */
export const migrations: readonly Migration[] = [serverMigrations].flat();
