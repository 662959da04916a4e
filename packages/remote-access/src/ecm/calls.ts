import { encodeNotification, encodeRequest, type Message, type MessageId } from './codec.ts';
import { EcmError } from './errors.ts';
import { limits } from './limits.ts';

/** How a caller waits, and what its request belongs to. */
export interface CallOptions {
  /** Milliseconds that the caller waits, the wait for credit included; the other side is told what is left of them. */
  readonly deadlineMs: number;
  readonly correlation: string;
  /** Gives the request up, and says so to the other side. */
  readonly signal?: AbortSignal;
}

/** The requests that this side sends and what becomes of them. */
export interface Calls {
  /** @param isFree needs no credit: greetings and pings. @throws EcmError */
  call(method: string, params: object, options: CallOptions, isFree: boolean): Promise<unknown>;
  /** An answer came; false where nobody waits for it. */
  settle(answer: Extract<Message, { type: 'result' | 'error' }>): boolean;
  /** How many requests the other side takes at once. */
  resize(window: number): void;
  /** Everything that waits fails with `disconnected`, and whatever is called from now on. */
  end(advice: string): void;
  /** Requests that wait for an answer or for credit. */
  count(): number;
}

interface Pending {
  readonly isFree: boolean;
  start(): void;
  done(error: EcmError | null, result?: unknown): void;
}

/** `silent`: the other side answers nothing any more. */
export const createCalls = (post: (text: string) => void, silent: () => void): Calls => {
  /** By id; null: given up, its answer still takes up credit. */
  const flying = new Map<MessageId, { readonly pending: Pending | null; readonly isFree: boolean }>();
  const waiting = new Set<Pending>();
  const abandoned = new Map<MessageId, NodeJS.Timeout>();
  // None before the greeting, which needs no credit.
  let window = 0;
  let credited = 0;
  let last = 0;
  let over: EcmError | null = null;

  const proceed = () => {
    for (const next of waiting) {
      if (credited >= window) return;
      waiting.delete(next);
      next.start();
    }
  };

  const land = (id: MessageId) => {
    const flight = flying.get(id);
    if (flight === undefined) return undefined;
    flying.delete(id);
    clearTimeout(abandoned.get(id));
    abandoned.delete(id);
    if (!flight.isFree) credited--;
    return flight;
  };

  /** Tells the other side, and keeps the credit until it has answered: it may be at work on it still. */
  const giveUp = (id: MessageId, correlation: string, isFree: boolean) => {
    flying.set(id, { pending: null, isFree });
    abandoned.set(id, setTimeout(silent, limits.abandonedMs).unref());
    post(encodeNotification('cancel', { correlation, id }));
  };

  return {
    call: (method, params, { deadlineMs, correlation, signal }, isFree) =>
      new Promise((resolve, reject) => {
        if (over !== null) return reject(over);
        if (signal?.aborted) return reject(cancelled());
        const ends = performance.now() + deadlineMs;
        let id: MessageId | null = null;
        const pending: Pending = {
          isFree,
          start() {
            const left = Math.ceil(ends - performance.now());
            if (left < 1) return this.done(tooLate());
            const own = `${++last}`;
            try {
              const text = encodeRequest(own, method, { ...params, correlation, deadlineMs: left });
              id = own;
              flying.set(own, { pending, isFree });
              if (!isFree) credited++;
              post(text);
            } catch (error) {
              this.done(error instanceof EcmError ? error : new EcmError('internal', 'The request cannot be written.'));
            }
          },
          done(error, result) {
            clearTimeout(timer);
            signal?.removeEventListener('abort', stop);
            waiting.delete(pending);
            if (error === null) resolve(result);
            else reject(error);
          },
        };
        const abandon = (error: EcmError) => {
          if (id !== null && flying.get(id)?.pending === pending) giveUp(id, correlation, isFree);
          pending.done(error);
        };
        const timer = setTimeout(() => abandon(tooLate()), deadlineMs);
        const stop = () => abandon(cancelled());
        signal?.addEventListener('abort', stop, { once: true });
        if (isFree || credited < window) pending.start();
        else if (waiting.size < limits.waiting) waiting.add(pending);
        else pending.done(new EcmError('busy', 'Too many requests wait already. Try again.'));
      }),
    settle(answer) {
      const flight = answer.id === null ? undefined : land(answer.id);
      if (flight === undefined) return false;
      if (answer.type === 'result') flight.pending?.done(null, answer.result);
      else flight.pending?.done(answer.error);
      proceed();
      return true;
    },
    resize(next) {
      window = next;
      proceed();
    },
    end(advice) {
      over ??= new EcmError('disconnected', advice);
      for (const timer of abandoned.values()) clearTimeout(timer);
      const left = [...waiting, ...[...flying.values()].flatMap(({ pending }) => pending ?? [])];
      waiting.clear();
      flying.clear();
      abandoned.clear();
      for (const pending of left) pending.done(over);
    },
    count: () => flying.size + waiting.size,
  };
};

const tooLate = () => new EcmError('deadline', 'There was no answer in time.');
const cancelled = () => new EcmError('cancelled', 'The request was given up.');
