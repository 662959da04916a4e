import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** The connection by which a running server is known as somebody's. */
export interface Keeper {
  /** The connection; while the server recovers it waits, and rejects once the server ended. */
  client(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Any number that migrations do not use: "keep" in ASCII. */
const keeperLock = 0x6b656570;

/** Held as long as the Gatehouse that started a server lives; the kernel gives it back when that is killed. */
export const takeLock = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${keeperLock}) as taken`);
  return rows[0]?.taken === true;
};

/**
 * Holds the lock from `first` on, which has it. A server that loses one of its processes ends every connection and goes
 * on; the lock is then taken again, because a server without it looks like one that a killed Gatehouse left behind.
 */
export const holdLock = (first: pg.Client, config: pg.ClientConfig, isAlive: () => boolean): Keeper => {
  let closed = false;
  let current = Promise.resolve(first);
  const connectAgain = async (): Promise<pg.Client> => {
    while (!closed && isAlive()) {
      const next = new pg.Client(config);
      next.on('error', () => undefined);
      try {
        await next.connect();
        if (await takeLock(next)) return follow(next);
      } catch {
        // It recovers; most of the time that takes less than a second.
      }
      await next.end().catch(() => undefined);
      await sleep(100, undefined, { ref: false });
    }
    throw new Error('The database ended.');
  };
  const follow = (client: pg.Client): pg.Client =>
    client.once('end', () => {
      current = connectAgain();
      // Whoever asks for it next is told.
      current.catch(() => undefined);
    });
  follow(first);
  return {
    client: () => current,
    close: async () => {
      closed = true;
      await current.then((client) => client.end()).catch(() => undefined);
    },
  };
};
