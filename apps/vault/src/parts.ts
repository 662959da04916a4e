import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import type { Audit } from './audit/index.ts';
import type { Directories } from './identities/index.ts';
import type { Envelope } from './keys/index.ts';

/** What everything in the vault works with. */
export interface VaultParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly envelope: Envelope;
  readonly audit: Audit;
  readonly directories: Directories;
  /** Whether a password may be seen on a page at all. */
  readonly reveal: boolean;
}
