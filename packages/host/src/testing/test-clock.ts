import type { Clock } from '@gatehouse/kernel';

/** A clock that never makes a test wait: a sleep moves it forward once everything else has come to rest. */
export interface TestClock extends Clock {
  /** Milliseconds of every sleep, in order. */
  readonly slept: readonly number[];
  advance(ms: number): void;
  /** Called when a sleep begins, before the clock moves. */
  onSleep(listener: (ms: number) => void | Promise<void>): void;
}

export const createTestClock = (start: Date = new Date()): TestClock => {
  const slept: number[] = [];
  const listeners: ((ms: number) => void | Promise<void>)[] = [];
  let now = start.getTime();
  return {
    slept,
    now: () => new Date(now),
    advance(ms) {
      now += ms;
    },
    onSleep: (listener) => void listeners.push(listener),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      const until = now + ms;
      slept.push(ms);
      for (const listener of listeners) await listener(ms);
      // Requests that are under way at this moment get to their servers and back first.
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now = Math.max(now, until);
    },
  };
};
