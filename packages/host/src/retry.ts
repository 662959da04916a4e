import type { Clock } from '@gatehouse/kernel';
import type { Wait } from './host.ts';
import type { Waits } from './waits.ts';

/** What a run may spend on trying again. One budget serves all requests of a run, so that a dying system ends it soon. */
export interface RetryBudget {
  /** Waits before attempt `attempt + 1`, at least `leastMs`. False, without a wait, when nothing is left to spend. */
  spend(attempt: number, leastMs: number, wait: Omit<Wait, 'until'>, signal: AbortSignal): Promise<boolean>;
  /** Milliseconds before attempt `attempt + 1`: full jitter, so that many requests do not return together. */
  backoffMs(attempt: number): number;
  readonly attempts: number;
}

const firstMs = 500;
const longestMs = 30_000;

export const createRetryBudget = (of: {
  clock: Clock;
  waits: Waits;
  /** Times that one request is sent at most. */
  attempts: number;
  /** Milliseconds that all requests together may wait. */
  totalMs: number;
  random(): number;
}): RetryBudget => {
  const { clock, waits, attempts, totalMs, random } = of;
  let spentMs = 0;
  const backoffMs = (attempt: number) => Math.ceil(random() * Math.min(longestMs, firstMs * 2 ** attempt));

  return {
    attempts,
    backoffMs,
    async spend(attempt, leastMs, wait, signal) {
      const ms = Math.max(leastMs, backoffMs(attempt));
      if (attempt >= attempts || spentMs + ms > totalMs) return false;
      spentMs += ms;
      await waits.during({ ...wait, until: new Date(clock.now().getTime() + ms) }, clock.sleep(ms, signal));
      return true;
    },
  };
};
