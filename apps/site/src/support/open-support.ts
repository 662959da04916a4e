import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@gatehouse/database';
import type { Clock } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import { sweepConsoles } from './consoles.ts';
import { type KeyHash, openKeyHash } from './keys/hash.ts';
import { sweepKeys } from './keys/make-key.ts';

export interface Support {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyHash: KeyHash;
  /** The address that people use, for links. */
  readonly baseUrl: () => string;
  /** Removes what is no longer valid. It runs by itself, too. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface SupportParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly baseUrl: () => string;
  readonly everyMs: number;
}

/** Remote support, and the sweep of what is no longer valid; several copies may sweep at once. */
export const openSupport = async (parts: SupportParts): Promise<Support> => {
  const { database, clock, log, sealer, baseUrl, everyMs } = parts;
  const keyHash = await openKeyHash(database, sealer);
  const closing = new AbortController();
  const sweep = () =>
    database.system(async (tx) => {
      await sweepKeys(tx, clock.now());
      await sweepConsoles(tx, clock.now());
    });
  const sweeps = (async () => {
    while (!closing.signal.aborted) {
      await sweep().catch((error: unknown) => log.warn({ err: error }, 'old session keys could not be removed'));
      await pause(everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    ...{ database, clock, keyHash, baseUrl, sweep },
    close() {
      closing.abort();
      return sweeps;
    },
  };
};
