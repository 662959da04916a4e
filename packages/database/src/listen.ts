import { setTimeout as pause } from 'node:timers/promises';
import { Secret } from '@gatehouse/kernel';
import pg from 'pg';

/** Hears what is notified on a channel, on a connection of its own. */
export interface Channel {
  close(): Promise<void>;
}

/**
 * Calls `heard` with each message of a channel, and with null whenever it listens anew, because something may have been
 * said meanwhile. A lost connection is made again; messages are hints, so whoever listens also looks from time to time.
 */
export const listenTo = (url: Secret | string, channel: string, heard: (message: string | null) => void): Channel => {
  const closing = new AbortController();
  const connectionString = url instanceof Secret ? url.reveal() : url;

  const listen = async (): Promise<void> => {
    const client = new pg.Client({
      ...{ connectionString, application_name: 'gatehouse', keepAlive: true },
      // Less than a program has to end in.
      connectionTimeoutMillis: 3_000,
    });
    const lost = Promise.withResolvers<void>();
    client.on('error', () => lost.resolve());
    client.on('end', () => lost.resolve());
    client.on('notification', ({ payload = '' }) => heard(payload));
    const stop = () => lost.resolve();
    closing.signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      heard(null);
      if (!closing.signal.aborted) await lost.promise;
    } finally {
      closing.signal.removeEventListener('abort', stop);
      await client.end().catch(() => undefined);
    }
  };

  const listening = (async () => {
    while (!closing.signal.aborted) {
      // The database is away: the program says so elsewhere.
      await listen().catch(() => undefined);
      await pause(1_000, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    close() {
      closing.abort();
      return listening;
    },
  };
};
