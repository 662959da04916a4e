import { newId } from '@gatehouse/kernel';
import { writeActivity } from '../connections/index.ts';
import type { RunParts } from './lease.ts';
import { performRun } from './perform.ts';
import { reclaimRuns, takeRun } from './queue.ts';

export interface Worker {
  /** Looks for work now rather than at the next look: called when a run was queued in this process. */
  wake(): void;
  /** Gives its runs back and resolves when nothing of it is left. */
  stop(): Promise<void>;
}

/** How often the queue is looked at. Another process may have queued a run at any moment. */
const lookMs = 1_000;

/** Performs queued runs, `width` of them at a time, until it is stopped. Several workers share one queue. */
export const startWorker = (parts: RunParts, width = 4): Worker => {
  const worker = newId<string>();
  const stopping = new AbortController();
  const performing = new Set<Promise<void>>();
  let looking: Promise<void> | null = null;

  const perform = async (): Promise<boolean> => {
    const taken = await parts.database.system((tx) => takeRun(tx, worker, parts.clock.now()));
    if (!taken) return false;
    const performed = performRun(parts, taken, worker, stopping.signal)
      .catch((error: unknown) => parts.log.error({ err: error, runId: taken.runId }, 'a run ended badly'))
      .finally(() => {
        performing.delete(performed);
        look();
      });
    performing.add(performed);
    return true;
  };
  const look = () => {
    // Where there is nothing to do the look must not begin: it would be over before it is remembered, and seem to last.
    if (stopping.signal.aborted || looking || performing.size >= width) return;
    looking = (async () => {
      try {
        while (!stopping.signal.aborted && performing.size < width && (await perform()));
      } catch (error) {
        parts.log.warn({ err: error }, 'the queue of runs could not be read');
      } finally {
        looking = null;
      }
    })();
  };
  const timer = setInterval(look, lookMs);
  look();

  return {
    wake: look,
    stop: async () => {
      clearInterval(timer);
      stopping.abort(new Error('The worker stops.'));
      await looking;
      await Promise.all(performing);
    },
  };
};

/** Takes runs back from workers that died, and says so where one is given up. */
export const reclaim = async ({ database, clock }: Pick<RunParts, 'database' | 'clock'>): Promise<void> => {
  const at = clock.now();
  const givenUp = await database.system((tx) => reclaimRuns(tx, at));
  for (const { tenantId, connectionId, runId } of givenUp) {
    await database.tenant(tenantId, (tx) =>
      writeActivity(tx, tenantId, {
        ...{ connectionId, at, kind: 'run', health: 'failed', runId },
        title: 'Run given up: it was interrupted too often. The log of this server says why',
      }),
    );
  }
};
