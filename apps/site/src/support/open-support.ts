import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@gatehouse/database';
import { type Clock, newId, type Secret } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import { type KeyHash, openKeyHash } from './keys/hash.ts';
import { type Chats, openChats } from './live/chats.ts';
import { type Hub, openHub } from './live/hub.ts';
import { markSeen } from './portal/customers.ts';
import { sweepSupport } from './sweep.ts';

export interface Support {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyHash: KeyHash;
  /** The address that people use, for links. */
  readonly baseUrl: () => string;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly hub: Hub;
  readonly chats: Chats;
  /** Forgets what is no longer valid, and gives customers back whom nobody can help. It runs by itself, too. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface SupportParts {
  readonly database: Database;
  /** For the connections that hear what happens. */
  readonly databaseUrl: Secret | string;
  readonly clock: Clock;
  readonly log: Log;
  readonly sealer: Sealer;
  readonly baseUrl: () => string;
  /** Of this copy of the site. */
  readonly processId: string;
  readonly everyMs: number;
}

/** Between two notes that the pages of customers are there. */
const seenMs = 30_000;

/** Remote support, and the sweep of what is no longer valid; several copies may sweep at once. */
export const openSupport = async (parts: SupportParts): Promise<Support> => {
  const { database, databaseUrl, clock, log, sealer, baseUrl, processId, everyMs } = parts;
  const keyHash = await openKeyHash(database, sealer);
  const closing = new AbortController();
  const by = { principal: { kind: 'program', id: processId, name: 'Gatehouse Site' }, correlationId: newId() } as const;
  const since = clock.now();
  const sweep = () => sweepSupport({ database, clock }, by, since);
  const sweeps = (async () => {
    while (!closing.signal.aborted) {
      await sweep().catch((error: unknown) => log.warn({ err: error }, 'the sweep of remote support was held up'));
      await pause(everyMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  const hub = openHub({ database, databaseUrl, log });
  const seen = (async () => {
    while (!closing.signal.aborted) {
      const customers = hub.customers();
      if (customers.length > 0)
        await database
          .system((tx) => markSeen(tx, customers, clock.now()))
          .catch((error: unknown) => log.warn({ err: error }, 'nobody noted that customers are there'));
      await pause(seenMs, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    ...{ database, clock, log, sealer, keyHash, baseUrl, hub, sweep },
    chats: openChats({ database, clock }),
    async close() {
      closing.abort();
      await Promise.all([sweeps, seen, hub.close()]);
    },
  };
};
