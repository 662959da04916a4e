import type { Clock } from '@gatehouse/kernel';
import type { LimitState } from './host.ts';
import type { Waits } from './waits.ts';
import { LimitUsedUp } from './words.ts';

/** The longest that a request waits for a rate limit. What would take longer is left to a later run. */
export const longestWaitMs = 15 * 60_000;

/** Requests that share one rate limit: when it is used up, all of them wait. */
export interface Bucket {
  /** Resolves when a request may be sent; throws a `throttled` Fault when that is more than 15 minutes away. */
  open(signal: AbortSignal): Promise<void>;
  /** Notes what an answer said. `resetAt` is in our time. */
  learn(state: LimitState): void;
  /** Nobody sends anything for this long. */
  close(ms: number): void;
  isClosed(): boolean;
  /** How many requests may be under way, as far as the system has told. */
  allowed(): number;
}

export const createBucket = (of: { system: string; name: string; clock: Clock; waits: Waits }): Bucket => {
  const { system, name, clock, waits } = of;
  let closedUntil = 0;
  let known: LimitState | null = null;
  const now = () => clock.now().getTime();
  const current = () => (known?.resetAt != null && known.resetAt.getTime() > now() ? known : null);
  const close = (ms: number) => {
    closedUntil = Math.max(closedUntil, now() + Math.ceil(ms));
  };

  return {
    async open(signal) {
      for (let left = closedUntil - now(); left > 0; left = closedUntil - now()) {
        if (left > longestWaitMs) {
          const minutes = Math.ceil(left / 60_000);
          throw new LimitUsedUp(
            new Date(closedUntil),
            `The rate limit of ${system} is used up for another ${minutes} minutes. A later run continues from here.`,
            `bucket ${name}: closed for ${Math.round(left / 1_000)} s, which is longer than a request waits`,
          );
        }
        const wait = { system, bucket: name, reason: 'rate-limit', until: new Date(closedUntil) } as const;
        await waits.during(wait, clock.sleep(left, signal));
      }
    },
    learn(state) {
      const before = current();
      const same =
        before?.resetAt != null &&
        state.resetAt !== null &&
        Math.abs(before.resetAt.getTime() - state.resetAt.getTime()) < 2_000;
      // Answers overtake each other; within one window the lower number is the newer one.
      const remaining = same ? lower(before.remaining, state.remaining) : state.remaining;
      known = { ...state, remaining };
      if (remaining === 0 && state.resetAt !== null) {
        // Resets are told in whole seconds, so one second more is never too early.
        close(state.resetAt.getTime() - now() + 1_000);
      }
    },
    close,
    isClosed: () => closedUntil > now(),
    allowed: () => Math.max(1, current()?.remaining ?? Number.POSITIVE_INFINITY),
  };
};

const lower = (a: number | null, b: number | null): number | null => (a === null ? b : b === null ? a : Math.min(a, b));
