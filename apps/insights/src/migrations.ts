import type { Migration } from '@gatehouse/database';
import { serverMigrations } from '@gatehouse/server';
import { migrations as apps } from './apps/index.ts';
import { migrations as collectors } from './collectors/index.ts';
import { migrations as connections } from './connections/index.ts';
import { migrations as dashboard } from './dashboard/index.ts';
import { migrations as findings } from './findings/index.ts';
import { migrations as identities } from './identities/index.ts';
import { inventoryMigrations, listMigrations } from './inventory/index.ts';
import { migrations as privilege } from './privilege/index.ts';
import { migrations as runs } from './runs/index.ts';
import { migrations as tenants } from './tenants/index.ts';
import { migrations as webhooks } from './webhooks/index.ts';

/** The whole schema of insights; the order is that of the names. */
export const migrations: readonly Migration[] = [
  ...[serverMigrations, inventoryMigrations, tenants, connections, runs, webhooks, apps, listMigrations],
  ...[identities, privilege, findings, dashboard, collectors],
].flat();
