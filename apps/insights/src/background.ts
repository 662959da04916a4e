import type { AppLink } from '@gatehouse/connector-kit';
import type { Jobs } from '@gatehouse/database';
import { lookAtApps } from './apps/index.ts';
import { forgetCollectors, watchCollectors } from './collectors/index.ts';
import { deleteLeftovers } from './connections/index.ts';
import { endAcceptances } from './findings/index.ts';
import { endRetention, purgeGone } from './inventory/index.ts';
import { queueDue, type RunParts, reclaim } from './runs/index.ts';
import { deleteTenants } from './tenants/index.ts';
import { type DeliveryParts, deliverDue, forgetDeliveries } from './webhooks/index.ts';

export interface BackgroundParts {
  readonly runs: RunParts;
  readonly delivery: DeliveryParts;
  readonly apps: readonly AppLink[];
  /** The version of the collector that is offered; null: none. */
  readonly offers: string | null;
}

/** What happens without anybody asking, once over all processes. Names are those of the queues. */
const scheduled = ({
  runs,
  delivery,
  apps,
  offers,
}: BackgroundParts): Readonly<
  Record<string, { readonly cron: string; perform(signal: AbortSignal): Promise<unknown> }>
> => {
  const { database, clock, log } = runs;
  return {
    'queue-due-runs': { cron: '* * * * *', perform: () => queueDue(runs) },
    'watch-collectors': { cron: '* * * * *', perform: (signal) => watchCollectors({ ...runs, offers }, signal) },
    'delete-leftovers': {
      cron: '* * * * *',
      perform: async (signal) => {
        await deleteLeftovers(runs, signal);
        await deleteTenants(database, log, signal);
      },
    },
    'end-acceptances': { cron: '7 * * * *', perform: (signal) => endAcceptances(database, clock, signal) },
    'look-at-apps': { cron: '17 * * * *', perform: (signal) => lookAtApps({ database, clock, log, apps }, signal) },
    forget: {
      cron: '37 * * * *',
      perform: async (signal) => {
        await database.system((tx) => forgetDeliveries(tx, delivery.clock.now()));
        await purgeGone(database, clock, signal);
        await database.system((tx) => forgetCollectors(tx, clock.now()));
        await endRetention(database, clock, signal);
      },
    },
  };
};

export interface Background {
  /** Deletes what was just deleted without waiting for the next minute. */
  deleteNow(): void;
  stop(): Promise<void>;
}

/** Every process looks at these itself: they are cheap, shared by the rows they claim, and must not wait a minute. */
const lookMs = { deliveries: 2_000, lostRuns: 10_000 } as const;

export const startBackground = async (parts: BackgroundParts, jobs: Jobs): Promise<Background> => {
  const { log } = parts.runs;
  const stopping = new AbortController();
  for (const [name, { cron, perform }] of Object.entries(scheduled(parts))) {
    await jobs.work({ name, retries: 2, expireSeconds: 3_600 }, async (_job, signal) => {
      await perform(signal);
    });
    await jobs.schedule(name, cron, {});
  }
  // What became due while nothing ran is not made to wait for the minute.
  await jobs.send('queue-due-runs', {}, { key: 'start' });
  await jobs.send('look-at-apps', {}, { key: 'start' });
  const loops = [
    repeat(
      lookMs.deliveries,
      () => deliverDue(parts.delivery, stopping.signal),
      stopping.signal,
      (error) => log.warn({ err: error }, 'webhooks could not be sent'),
    ),
    repeat(
      lookMs.lostRuns,
      () => reclaim(parts.runs),
      stopping.signal,
      (error) => log.warn({ err: error }, 'lost runs could not be looked for'),
    ),
  ];
  return {
    deleteNow: () => {
      jobs
        .send('delete-leftovers', {}, { key: 'now' })
        .catch((error: unknown) => log.warn({ err: error }, 'a deletion waits for the next minute'));
    },
    stop: async () => {
      stopping.abort(new Error('Gatehouse is stopping.'));
      await Promise.all([jobs.stop(), ...loops]);
    },
  };
};

/** Real time, not a test's clock: a clock that is moved must not make a look for every second it skips. */
const repeat = async (
  everyMs: number,
  look: () => Promise<unknown>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      await look();
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    await new Promise<void>((resolve) => {
      const stop = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, everyMs);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
    });
  }
};
