import type { RunStore } from '@gatehouse/connector-kit';
import { type Clock, Fault } from '@gatehouse/kernel';

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds that one step waits for the database to come back. */
  readonly forMs: number;
  /** Throws when another worker may have taken over; called before every step. */
  holdLease(): Promise<void>;
  /** Told what keeps the database from storing and until when it is waited for, and when that is over (null). */
  onTrouble(trouble: { readonly advice: string; readonly until: Date } | null): void;
}

/** What was read could not be kept: our own database failed, not the system that was read. */
export class StorageFault extends Fault {}

/**
 * A store that waits for a database that is away for a while, and then does the step again. After its patience the step
 * fails with a `StorageFault`; the run is resumed later at its last committed page.
 */
export const patientStore = (store: RunStore, patience: Patience): RunStore => ({
  position: (...args) => persist(() => store.position(...args), patience),
  begin: (...args) => persist(() => store.begin(...args), patience),
  ...(store.prepare && { prepare: store.prepare }),
  save: (...args) => persist(() => store.save(...args), patience),
  finish: (...args) => persist(() => store.finish(...args), patience),
});

const persist = async <T>(step: () => Promise<T>, patience: Patience): Promise<T> => {
  const { clock, signal, forMs, holdLease, onTrouble } = patience;
  const until = new Date(clock.now().getTime() + forMs);
  // Tried once also when the run is being stopped, so that what was read already is kept.
  for (let pauseMs = 250, isTrouble = false; ; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      await holdLease();
      const result = await step();
      if (isTrouble) onTrouble(null);
      return result;
    } catch (error) {
      if (!(error instanceof Fault) || error.kind !== 'unreachable') throw error;
      if (clock.now() >= until) throw toStorageFault(error);
      isTrouble = true;
      onTrouble({ advice: error.advice, until });
      await clock.sleep(pauseMs, signal);
    }
  }
};

const toStorageFault = (fault: Fault) => new StorageFault('unexpected', fault.advice, fault.detail, { cause: fault });
