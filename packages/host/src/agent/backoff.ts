/** How long to wait before the next attempt: longer each time, never at the same moment as everybody else. */
export interface Backoff {
  /** Milliseconds, at least `leastMs`. */
  next(leastMs?: number): number;
  reset(): void;
}

export const createBackoff = (firstMs = 1_000, longestMs = 300_000, random = Math.random): Backoff => {
  let attempt = 0;
  return {
    next(leastMs = 0) {
      const most = Math.min(longestMs, firstMs * 2 ** Math.min(attempt++, 20));
      return Math.max(leastMs, Math.ceil(most / 2 + (random() * most) / 2));
    },
    reset() {
      attempt = 0;
    },
  };
};
