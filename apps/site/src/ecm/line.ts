import { Fault } from '@gatehouse/kernel';

/** Lets in at most so many at once; the others wait in the order in which they came. */
export interface Line {
  /**
   * Resolves with what gives the place back. @throws Fault `throttled` where none was free in time, and the reason of
   * the signal
   */
  enter(waitMs: number, signal: AbortSignal): Promise<() => void>;
}

export const createLine = (most: number): Line => {
  let inside = 0;
  // A set keeps the order in which they came, and lets go of one in the middle at once.
  const waiting = new Set<() => void>();

  const leave = () => {
    inside -= 1;
    const [next] = waiting;
    next?.();
  };
  const once = () => {
    let isLeft = false;
    inside += 1;
    return () => {
      if (!isLeft) leave();
      isLeft = true;
    };
  };

  return {
    async enter(waitMs, signal) {
      signal.throwIfAborted();
      if (inside < most) return once();
      return await new Promise((resolve, reject) => {
        const over = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', abort);
          waiting.delete(letIn);
        };
        const letIn = () => {
          over();
          resolve(once());
        };
        const abort = () => {
          over();
          reject(signal.reason);
        };
        const timer = setTimeout(() => {
          over();
          reject(crowded());
        }, waitMs);
        signal.addEventListener('abort', abort, { once: true });
        waiting.add(letIn);
      });
    },
  };
};

const crowded = () =>
  new Fault('throttled', 'Too many sessions ask for credentials at this moment. Try again in a moment.');
