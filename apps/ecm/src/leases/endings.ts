import { createBackoff, type Log } from '@gatehouse/host/agent';
import type { Clock } from '@gatehouse/kernel';
import { ownFault } from '../foreign.ts';
import type { LeaseBook } from './book.ts';
import type { BookedLease, Why } from './lease.ts';

export interface EndingsOptions {
  readonly book: LeaseBook;
  /** The plugin that is configured; leases of another one wait for it. */
  readonly plugin: string | null;
  /** Has the vault release it. Repeating it is harmless. */
  release(lease: BookedLease): Promise<void>;
  /** It has ended, and the site has to hear of it. */
  onEnded(lease: BookedLease): void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Milliseconds until the first repetition of a release that failed. Default 1,000. */
  readonly firstMs?: number;
}

/** Ends leases: never before their retrieval has come back, again and again until the vault has agreed. */
export interface Endings {
  /** Resolves when the vault has released it, and the book says so. Any number of calls are one release. */
  end(lease: BookedLease, why: Why): Promise<void>;
  /** Work on a lease that a release of it, and other work on it, has to wait for. */
  during<T>(lease: BookedLease, work: () => Promise<T>): Promise<T>;
  /** Takes up what an earlier process left, and ends what expires. Runs until the signal aborts. */
  run(): Promise<void>;
}

export const createEndings = (options: EndingsOptions): Endings => {
  const { book, plugin, release, onEnded, clock, signal, log, firstMs = 1_000 } = options;
  const ending = new Map<string, Promise<void>>();
  const busy = new Map<string, Promise<unknown>>();

  const attempt = async (lease: BookedLease): Promise<void> => {
    const backoff = createBackoff(firstMs);
    for (let isFirst = true; ; isFirst = false) {
      try {
        await release(lease);
        break;
      } catch (error) {
        signal.throwIfAborted();
        const { kind, advice, detail = null } = ownFault(error);
        const more = { lease: lease.id, correlation: lease.correlation, kind, detail };
        log.write(isFirst ? 'error' : 'warn', `The vault has not released a credential: ${advice}`, more);
      }
      await clock.sleep(backoff.next(), signal);
    }
    for (;;) {
      try {
        return await book.ended(lease);
      } catch {
        // Released all the same; an unknown lease is a success, so a second release after a crash is harmless.
        log.write('error', 'The book of leases cannot be written.', { lease: lease.id });
        await clock.sleep(backoff.next(), signal);
      }
    }
  };

  const end: Endings['end'] = (lease, why) => {
    if (lease.state === 'ended') return Promise.resolve();
    const known = ending.get(lease.id);
    if (known !== undefined) return known;
    const run = async () => {
      await book.ending(lease, why).catch(() => log.write('error', 'The book of leases cannot be written.'));
      if (lease.plugin !== plugin) {
        const advice = `A credential was handed out by the plugin ${lease.plugin}, which alone can release it. Configure it again.`;
        log.write('error', advice, { lease: lease.id });
        return await new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }
      await busy.get(lease.id)?.catch(() => undefined);
      await attempt(lease);
      log.write('info', 'A credential was released.', { lease: lease.id, correlation: lease.correlation, why });
      onEnded(lease);
    };
    const running = run().finally(() => ending.delete(lease.id));
    // Whoever waits hears of it; the others read the log.
    running.catch(() => undefined);
    ending.set(lease.id, running);
    return running;
  };

  return {
    end,
    async during(lease, work) {
      const before = busy.get(lease.id);
      const running = before === undefined ? work() : before.then(work, work);
      busy.set(lease.id, running);
      try {
        return await running;
      } finally {
        if (busy.get(lease.id) === running) busy.delete(lease.id);
      }
    },
    async run() {
      for (;;) {
        for (const lease of book.list()) {
          if (lease.state === 'ending') void end(lease, lease.why ?? 'expired');
          else if (lease.state !== 'ended' && lease.endsAt <= performance.now()) void end(lease, 'expired');
        }
        book.forget();
        await clock.sleep(500, signal);
      }
    },
  };
};
