import type { Clock } from '@gatehouse/kernel';

/** A wait that may end early. A ring while nobody waits is kept for the next wait. */
export interface Bell {
  ring(): void;
  /** Resolves after `ms`, or at a ring. Rejects with the signal's reason when it aborts. */
  wait(ms: number): Promise<void>;
}

export const createBell = (clock: Clock, signal: AbortSignal): Bell => {
  let isRung = false;
  let wake = () => {};
  return {
    ring() {
      isRung = true;
      wake();
    },
    async wait(ms) {
      signal.throwIfAborted();
      // Its own controller: a signal that lives as long as the program would remember each wait.
      const early = new AbortController();
      const stop = () => early.abort();
      wake = stop;
      signal.addEventListener('abort', stop, { once: true });
      try {
        if (!isRung) await clock.sleep(ms, early.signal);
      } catch (error) {
        if (!early.signal.aborted) throw error;
      } finally {
        signal.removeEventListener('abort', stop);
        isRung = false;
        wake = () => {};
      }
      signal.throwIfAborted();
    },
  };
};
