import type { Database } from '@gatehouse/database';
import type { Clock, Secret } from '@gatehouse/kernel';
import type { MailRoom } from '@gatehouse/mail';
import type { Log, Sealer } from '@gatehouse/server';
import type { OpenConnection } from './connections/index.ts';
import type { OpenSite } from './sites/index.ts';

/** What everything in the program works with. */
export interface DeskParts {
  readonly database: Database;
  /** For connections that hear what happens. */
  readonly databaseUrl: Secret | string;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  /** The address that people use, for links. */
  readonly baseUrl: () => string;
  readonly openSite: OpenSite;
  readonly openConnection: OpenConnection;
  readonly mail: MailRoom;
  /** Aborted when the program stops. */
  readonly closing: AbortSignal;
}
