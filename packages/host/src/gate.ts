/** Lets a limited number of works go on at once; the others wait in the order they came. */
export interface Gate {
  pass<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** `places` is asked each time, because the number falls as a rate limit comes near. */
export const createGate = (places: () => number): Gate => {
  const queue: (() => void)[] = [];
  let inside = 0;

  const enter = async (signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    while (inside >= places()) {
      await new Promise<void>((resolve, reject) => {
        const go = () => {
          signal.removeEventListener('abort', stop);
          resolve();
        };
        const stop = () => {
          queue.splice(queue.indexOf(go), 1);
          reject(signal.reason);
        };
        queue.push(go);
        signal.addEventListener('abort', stop, { once: true });
      });
    }
    inside++;
  };

  return {
    async pass(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        inside--;
        // As many as fit are called; one that finds its place taken queues again.
        for (const go of queue.splice(0, Math.max(1, places() - inside))) go();
      }
    },
  };
};
