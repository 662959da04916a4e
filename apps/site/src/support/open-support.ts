import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@gatehouse/database';
import { type Clock, newId } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import { type KeyHash, openKeyHash } from './keys/hash.ts';
import { sweepSupport } from './sweep.ts';

export interface Support {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyHash: KeyHash;
  /** The address that people use, for links. */
  readonly baseUrl: () => string;
  /** Forgets what is no longer valid, and gives customers back whom nobody can help. It runs by itself, too. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface SupportParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly baseUrl: () => string;
  /** Of this copy of the site. */
  readonly processId: string;
  readonly everyMs: number;
}

/** Remote support, and the sweep of what is no longer valid; several copies may sweep at once. */
export const openSupport = async (parts: SupportParts): Promise<Support> => {
  const { database, clock, log, sealer, baseUrl, processId, everyMs } = parts;
  const keyHash = await openKeyHash(database, sealer);
  const closing = new AbortController();
  const by = { principal: { kind: 'program', id: processId, name: 'Gatehouse Site' }, correlationId: newId() } as const;
  const sweep = () => sweepSupport({ database, clock }, by);
  const sweeps = (async () => {
    while (!closing.signal.aborted) {
      await sweep().catch((error: unknown) => log.warn({ err: error }, 'the sweep of remote support was held up'));
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
