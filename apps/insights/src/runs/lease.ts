import type { AnyConnector } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import { type Clock, Fault } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import type { AfterRead } from './after-read.ts';
import type { StreamProgress } from './model.ts';
import { leaseMs, type Taken } from './queue.ts';
import type { RunRelay } from './relay.ts';
import type { TellConnectivity } from './settle.ts';
import { type Progress, saveProgress } from './store.ts';

/** What performing runs needs. */
export interface RunParts {
  readonly database: Database;
  readonly connectors: ReadonlyMap<string, AnyConnector>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  readonly afterRead: readonly AfterRead[];
  readonly tellConnectivity: TellConnectivity;
  readonly relay: RunRelay;
  /** Milliseconds that a run waits for a database that is away. */
  readonly patienceMs: number;
}

/**
 * A worker's right to perform a run: renewed every second together with the progress, lost when another worker took the
 * run over. `signal` aborts when it is lost, when somebody cancels the run, and when the worker stops.
 */
export interface Lease {
  readonly signal: AbortSignal;
  isLost(): boolean;
  isCancelled(): boolean;
  /** Shown from the next beat on, at once when a stream began or ended. */
  tell(progress: Progress): void;
  /** What the run waits for, beside what the system makes it wait for; null: nothing. */
  wait(waiting: Progress['waiting']): void;
  /** Makes sure that nobody can have taken the run over; throws the database's Fault or the signal's reason. */
  hold(): Promise<void>;
  /** Writes the progress now. */
  beat(): Promise<void>;
  close(): void;
}

const beatMs = 1_000;

export const openLease = (
  { database, clock, log }: Pick<RunParts, 'database' | 'clock' | 'log'>,
  { tenantId, runId }: Taken,
  worker: string,
  streams: readonly StreamProgress[],
  stopping: AbortSignal,
): Lease => {
  const ended = new AbortController();
  let progress: Progress = { streams, rate: 0, secondsLeft: null, waiting: null };
  let waiting: Progress['waiting'] = null;
  let isLost = false;
  let isCancelled = false;
  let heldAt = clock.now();
  let isBeating = false;

  const beat = async () => {
    const at = clock.now();
    const shown = { ...progress, waiting: waiting ?? progress.waiting };
    const held = await database.tenant(tenantId, (tx) => saveProgress(tx, tenantId, runId, worker, shown, at));
    if (!held) {
      isLost = true;
      ended.abort(new Fault('unexpected', 'Another worker has taken over this run.'));
    } else {
      heldAt = at;
      if (held.isCancelled && !isCancelled) {
        isCancelled = true;
        ended.abort(new Fault('unexpected', 'The run was cancelled.'));
      }
    }
  };
  // Real time, not the clock's: a test that moves the clock must not make a beat for every second it skips.
  const beatSoon = () => {
    if (isBeating || isLost) return;
    isBeating = true;
    beat()
      .catch((error: unknown) => log.warn({ err: error, runId }, 'the progress of a run could not be written'))
      .finally(() => {
        isBeating = false;
      });
  };
  const timer = setInterval(beatSoon, beatMs);

  return {
    signal: AbortSignal.any([ended.signal, stopping]),
    isLost: () => isLost,
    isCancelled: () => isCancelled,
    tell: (now) => {
      const isStep = now.streams.some(({ state }, i) => state !== progress.streams[i]?.state);
      progress = now;
      // Which streams are done decides where a run is resumed, so that is not left to the next second.
      if (isStep) beatSoon();
    },
    wait: (now) => {
      waiting = now;
    },
    hold: async () => {
      // A beat that is younger than half the lease proves that nobody else has the run.
      if (clock.now().getTime() - heldAt.getTime() > leaseMs / 2) await beat();
      ended.signal.throwIfAborted();
    },
    beat,
    close: () => clearInterval(timer),
  };
};
