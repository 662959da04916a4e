import { type Clock, Fault } from '@gatehouse/kernel';
import { readBytes, TooLarge, wordsOf } from './body.ts';
import type { Bucket } from './bucket.ts';
import { fetchAt, fetchUsual } from './fetch-at.ts';
import { createGate, type Gate } from './gate.ts';
import type { AnswerHead, HttpOptions, LimitState } from './host.ts';
import { isThrottled, readLimits, retryAfter, theirNow } from './limits.ts';
import { networkFault, redirectFault } from './network.ts';
import { bounded } from './redact.ts';
import type { RetryBudget } from './retry.ts';
import { trustOf } from './trust.ts';

/** One request, ready to be sent as often as needed. */
export interface Outgoing {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  /** `throttled`: only where the system said that it did nothing. */
  readonly retry: 'all' | 'throttled' | 'none';
  readonly signal: AbortSignal;
}

export interface Incoming extends AnswerHead {
  readonly statusText: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** A refusal for the rate limit, whatever its status. */
  readonly isThrottled: boolean;
  /** Header values that `authorize` and the caller put in: what must not be repeated in a detail. */
  readonly secrets: readonly string[];
}

/** One line for the log of the server: no header, no query, no body. */
export interface LogLine {
  readonly system: string;
  readonly method: string;
  readonly path: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly attempt: number;
  readonly tookMs: number;
  readonly bytes: number;
  readonly problem?: string;
}

export interface Surroundings {
  readonly clock: Clock;
  /** Milliseconds that one answer may take altogether; null: for as long as something of it comes. */
  readonly answerMs: number | null;
  readonly retries: RetryBudget;
  bucket(origin: string, name: string, system: string): Bucket;
  log(line: LogLine): void;
  /** Of the errand that a request belongs to; null: none. */
  requestId(): string | null;
  limit(system: string, bucket: string, state: LimitState): void;
}

/** Sends requests of one client: waits for limits, tries again where that may help, and hands back what came in the end. */
export const createExchange = (options: HttpOptions, around: Surroundings) => {
  const { system, timeoutMs = 30_000, maxBytes = 64 * 1024 * 1024, concurrency = 4 } = options;
  const { clock, retries } = around;
  const { addresses, certificateAuthorities, proxy, isBrief = false } = options;
  const isUsual = addresses === undefined && certificateAuthorities === undefined && proxy === undefined && !isBrief;
  const fetchOne = isUsual
    ? fetchUsual
    : fetchAt({
        ...(addresses !== undefined && { addresses }),
        ...(certificateAuthorities !== undefined && { trust: trustOf(system, certificateAuthorities) }),
        ...(proxy !== undefined && { proxy }),
      });
  // Places are counted for each client, not for each system: a client that fetches tokens for another one never waits for it.
  const gates = new Map<string, Gate>();

  return async (request: Outgoing): Promise<Incoming> => {
    const { url, signal } = request;
    const name = options.bucket?.(request) ?? 'all';
    const bucket = around.bucket(url.origin, name, system);
    const gate = gates.get(name) ?? createGate(() => Math.min(concurrency, bucket.allowed()));
    gates.set(name, gate);

    for (let attempt = 1; ; attempt++) {
      const outcome = await gate.pass(signal, async () => {
        const headers = await authorized(request, bucket);
        const came = await attemptOnce({ ...request, headers }, attempt);
        // Before the next one leaves the gate: it may have to wait for what this answer says.
        return 'fault' in came ? came : heed(came.answer, request, attempt, bucket, name);
      });
      const last = attempt >= retries.attempts || request.retry === 'none';
      const wait = { system, bucket: name, reason: 'retry' } as const;
      if ('fault' in outcome) {
        const { fault, transient } = outcome;
        const again = transient && !last && request.retry === 'all';
        if (!again || !(await retries.spend(attempt, 0, wait, signal))) throw fault;
        continue;
      }
      const { answer, askedMs } = outcome;
      if (last) return answer;
      if (answer.isThrottled) continue;
      const again = isInTrouble(answer.status) && request.retry === 'all';
      if (!again || !(await retries.spend(attempt, askedMs ?? 0, wait, signal))) return answer;
    }
  };

  /** Waits, then adds the credentials. A proof made before a wait would be stale after it, so it is made again. */
  async function authorized({ method, url, headers, signal }: Outgoing, bucket: Bucket): Promise<Headers> {
    for (;;) {
      await bucket.open(signal);
      const own = new Headers(headers);
      const requestId = around.requestId();
      if (requestId !== null) own.set('x-request-id', requestId);
      await options.authorize?.({ method, url, headers: own });
      if (!bucket.isClosed()) return own;
    }
  }

  /** Notes what an answer says about limits, and closes the bucket for everyone: the system counts requests, not senders. */
  function heed(answer: Arrived, { method, url }: Outgoing, attempt: number, bucket: Bucket, name: string) {
    const ours = clock.now();
    const theirs = theirNow(answer.headers, ours);
    const skewMs = ours.getTime() - theirs.getTime();
    const said = (options.limits ?? readLimits)(answer, theirs);
    if (said !== null) {
      const { resetAt } = said;
      const state = { ...said, resetAt: resetAt === null ? null : new Date(resetAt.getTime() + skewMs) };
      bucket.learn(state);
      around.limit(system, name, state);
    }
    const askedMs = retryAfter(answer.headers, theirs);
    const { status, headers, bytes } = answer;
    const saidMs =
      status < 400 || options.throttled === undefined
        ? null
        : options.throttled({ status, headers, method, path: url.pathname, body: wordsOf(bytes) });
    const throttled = saidMs !== null || isThrottled(answer, said);
    if (throttled && askedMs !== null) bucket.close(askedMs);
    else if (throttled && !bucket.isClosed()) bucket.close(saidMs ?? Math.max(1_000, retries.backoffMs(attempt + 1)));
    return { answer: { ...answer, isThrottled: throttled }, askedMs };
  }

  type Arrived = Omit<Incoming, 'isThrottled'>;
  type Outcome = { answer: Arrived } | { fault: Fault; transient: boolean };

  async function attemptOnce(request: Outgoing, attempt: number): Promise<Outcome> {
    const { method, url, headers, body, signal } = request;
    const path = bounded(options.shown?.(url.pathname) ?? url.pathname, 200);
    const began = performance.now();
    const tell = (status: number | null, bytes: number, problem?: string) =>
      around.log({
        ...{ system, method, path, status, attempt, bytes, tookMs: Math.round(performance.now() - began) },
        ...(problem === undefined ? {} : { problem }),
      });
    signal.throwIfAborted();
    const stall = createStall(timeoutMs, around.answerMs, signal);
    try {
      const response = await fetchOne(url, { method, headers, body, signal: stall.signal });
      stall.beat();
      const { status, statusText } = response;
      if (status >= 300 && status < 400 && status !== 304) {
        response.leave();
        tell(status, 0, 'redirect');
        return { fault: redirectFault(system, `${method} ${path}`, response, url), transient: false };
      }
      const bytes = await readBytes(response, maxBytes, stall.beat);
      tell(status, bytes.byteLength);
      return { answer: { status, statusText, headers: response.headers, bytes, secrets: secretsOf(headers) } };
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof TooLarge) {
        tell(null, cause.limit, 'too large');
        const detail = `${method} ${path}: the answer has more than ${cause.limit} bytes`;
        return { fault: new Fault('unexpected', tooLarge(system, cause.limit), detail), transient: false };
      }
      const { fault, code, transient } = networkFault(system, `${method} ${path}`, stall.over() ?? cause);
      tell(null, 0, code);
      return { fault, transient };
    } finally {
      stall.end();
    }
  }
};

/** Statuses that may be others a moment later. 501 and 505 are what the server is; those beyond 505 are of the ways to it. */
const isInTrouble = (status: number): boolean => status === 408 || (status >= 500 && status !== 501 && status !== 505);

const tooLarge = (system: string, limit: number): string =>
  `${system} sent an answer of more than ${Math.floor(limit / 2 ** 20)} MB, which is not taken in. If a single record of it is that large, make it smaller there; the log of this server says which list it was.`;

/**
 * Aborts when nothing was heard for `ms`, before the first byte or in the middle of a body, when there is no end after
 * `wholeMs`, and when `signal` does.
 * Not `AbortSignal.any`: the signal of a long run would remember each of its requests.
 */
const createStall = (ms: number, wholeMs: number | null, signal: AbortSignal) => {
  const controller = new AbortController();
  let over: { readonly stalledMs: number; readonly isEndless: boolean } | null = null;
  const after = (stalledMs: number, isEndless: boolean) =>
    setTimeout(() => {
      over ??= { stalledMs, isEndless };
      controller.abort();
    }, stalledMs);
  const timer = after(ms, false);
  const whole = wholeMs === null ? undefined : after(wholeMs, true);
  const follow = () => controller.abort(signal.reason);
  signal.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    /** What ended it; null: something else did, or nothing. */
    over: () => over,
    beat: () => void timer.refresh(),
    end() {
      clearTimeout(timer);
      clearTimeout(whole);
      signal.removeEventListener('abort', follow);
    },
  };
};

const secretsOf = (headers: Headers): readonly string[] =>
  [...headers]
    .filter(([name]) => !harmless.has(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= 8);

/** Headers that never hold a credential. Any other is taken for one. */
const harmless = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'content-length',
  'user-agent',
  'x-github-api-version',
]);
