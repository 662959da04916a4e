import { systemClock } from './clock.ts';

/** Looks for work: from time to time, and at once where somebody says that there is some; never twice at a time. */
export interface Rounds {
  /** Something may be due. */
  wake(): void;
  /** No look begins any more. Resolves once the last one is over. */
  close(): Promise<void>;
}

export interface RoundsOptions {
  readonly everyMs: number;
  look(): Promise<void>;
  /** Once a round, beside looking: what is old goes. */
  tidy?(): Promise<void>;
  /** One of them failed; the next one comes all the same. */
  onFault(error: unknown): void;
}

export const openRounds = ({ everyMs, look, tidy, onFault }: RoundsOptions): Rounds => {
  const closing = new AbortController();
  const { signal } = closing;
  let looking: Promise<void> | null = null;
  let isToLookAgain = false;
  const wake = (): void => {
    // Whoever says so while it looks may have come too late for that look.
    isToLookAgain = true;
    if (looking !== null || signal.aborted) return;
    looking = (async () => {
      while (isToLookAgain && !signal.aborted) {
        isToLookAgain = false;
        await look().catch(onFault);
      }
    })().finally(() => {
      looking = null;
    });
  };
  const rounds = (async () => {
    while (!signal.aborted) {
      wake();
      await tidy?.().catch(onFault);
      await systemClock.sleep(everyMs, signal).catch(() => undefined);
    }
  })();
  return {
    wake,
    async close() {
      closing.abort();
      await rounds;
      await looking;
    },
  };
};
