import { setTimeout as pause } from 'node:timers/promises';

/** What an appliance does about one recipient: events in their order, and none after one that was not answered by 200. */
export interface Sender {
  /** Puts one at the end of the queue. */
  tell(event: Readonly<Record<string, string>>): void;
  /** One answer for each time that something was sent; 0: nobody was there. */
  readonly answers: {
    readonly event: Readonly<Record<string, string>>;
    readonly status: number;
    readonly ms: number;
  }[];
  readonly waiting: () => number;
  /** Resolves once nothing waits. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** `dropAfterMs`: what was not taken for so long is dropped, as the retry duration of a recipient says. */
export const openSender = (url: string, { retryMs = 100, dropAfterMs = 3_600_000 } = {}): Sender => {
  const queue: { readonly event: Readonly<Record<string, string>>; readonly since: number }[] = [];
  const answers: Sender['answers'] = [];
  let isOpen = true;
  const post = async (event: Readonly<Record<string, string>>): Promise<number> => {
    try {
      const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(event), redirect: 'manual' });
      await answer.text();
      return answer.status;
    } catch {
      return 0;
    }
  };
  const sending = (async () => {
    while (isOpen) {
      const [first] = queue;
      if (first === undefined) {
        await pause(5);
        continue;
      }
      const begun = performance.now();
      const status = await post(first.event);
      answers.push({ event: first.event, status, ms: performance.now() - begun });
      if (status === 200 || performance.now() - first.since > dropAfterMs) queue.shift();
      else await pause(retryMs);
    }
  })();
  return {
    tell: (event) => void queue.push({ event, since: performance.now() }),
    ...{ answers, waiting: () => queue.length },
    async drained() {
      while (queue.length > 0) await pause(10);
    },
    stop() {
      isOpen = false;
      return sending;
    },
  };
};
