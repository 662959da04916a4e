import type { Migration } from '@gatehouse/database';
import { serverMigrations } from '@gatehouse/server';
import { migrations as audit } from './audit/index.ts';
import { migrations as checkouts } from './checkouts/index.ts';
import { migrations as credentials } from './credentials/index.ts';
import { migrations as customPlatforms } from './custom-platforms/index.ts';
import { migrations as delegation } from './delegation/index.ts';
import { migrations as identities } from './identities/index.ts';
import { migrations as jobs } from './jobs/index.ts';
import { migrations as keys } from './keys/index.ts';
import { migrations as lists } from './lists/index.ts';
import { migrations as receivers } from './receivers/index.ts';
import { migrations as requests } from './requests/index.ts';
import { migrations as sdk } from './sdk/index.ts';

/** The whole schema of the vault; the order is that of the names. */
export const migrations: readonly Migration[] = [
  ...[
    serverMigrations,
    keys,
    audit,
    receivers,
    identities,
    credentials,
    customPlatforms,
    lists,
    delegation,
    checkouts,
    requests,
    jobs,
    sdk,
  ],
].flat();
