import type { Migration } from '@gatehouse/database';
import { serverMigrations } from '@gatehouse/server';
import { migrations as accounts } from './accounts/index.ts';
import { migrations as cases } from './cases/index.ts';
import { migrations as connections } from './connections/index.ts';
import { migrations as details } from './details/index.ts';
import { migrations as events } from './events/index.ts';
import { migrations as keys } from './keys/index.ts';
import { migrations as mail } from './mail/index.ts';
import { migrations as people } from './people/index.ts';
import { migrations as sites } from './sites/index.ts';
import { migrations as teams } from './teams/index.ts';

/** The whole schema of the desk program; the order is that of the names. */
export const migrations: readonly Migration[] = [
  ...[serverMigrations, people, teams, accounts, cases],
  ...[sites, connections, details, events, keys, mail],
].flat();
