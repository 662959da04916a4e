import type { Wait } from './host.ts';

/** Why a run stands still at this moment: one entry for each bucket and reason, however many requests wait. */
export interface Waits {
  list(): readonly Wait[];
  /** Called when the list changes. Returns how to stop listening. */
  watch(listener: () => void): () => void;
  during<T>(wait: Wait, work: Promise<T>): Promise<T>;
}

export const createWaits = (): Waits => {
  const waiting = new Map<string, { wait: Wait; count: number }>();
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };

  return {
    list: () => [...waiting.values()].map(({ wait }) => wait),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async during(wait, work) {
      const key = `${wait.system} ${wait.bucket} ${wait.reason}`;
      const entry = waiting.get(key) ?? { wait, count: 0 };
      const isNews = entry.count === 0 || wait.until > entry.wait.until;
      if (isNews) entry.wait = wait;
      entry.count++;
      waiting.set(key, entry);
      if (isNews) tell();
      try {
        return await work;
      } finally {
        entry.count--;
        if (entry.count === 0) {
          waiting.delete(key);
          tell();
        }
      }
    },
  };
};
