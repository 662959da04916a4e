import { refusals, signMessage } from '@gatehouse/connector-kit/ingest';
import { createHost, type HttpOptions } from '@gatehouse/host';
import type { Log } from '@gatehouse/host/agent';
import type { Clock } from '@gatehouse/kernel';
import { type Answer, isOk, readAnswer } from './answer.ts';
import type { Nonces } from './nonces.ts';

/** The way to the server: signed, one request after the other, with a clock that follows the server's. */
export interface Link {
  /** Sends, with nothing else of this link between the request and the end of `work`. */
  inTurn<T>(work: (send: Send) => Promise<T>): Promise<T>;
  /** The time as the server has it, as far as it has said. */
  now(): Date;
  /** How far the server's clock is ahead of this one, in milliseconds; 0 while they agree within seconds. */
  offsetMs(): number;
}

/** @throws Fault `unreachable` when no answer came. Any answer comes back, a refusal too. */
export type Send = (message: Message) => Promise<Answer>;

export interface Message {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Body;
}

export interface Body {
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface LinkOptions {
  readonly server: Way;
  readonly collectorId: string;
  readonly deviceKey: CryptoKey;
  readonly nonces: Nonces;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** How to get to the server. */
export interface Way {
  readonly url: string;
  readonly certificateAuthorities: string | null;
  readonly proxy: string | null;
}

export const httpOptions = ({ url, certificateAuthorities, proxy }: Way): HttpOptions => ({
  ...{ origin: url, system: 'The server', concurrency: 1, timeoutMs: 60_000, maxBytes: 256 * 2 ** 20 },
  ...(certificateAuthorities !== null && { certificateAuthorities }),
  ...(proxy !== null && { proxy }),
});

export const createLink = (options: LinkOptions): Link => {
  const { collectorId, deviceKey, nonces, clock, signal, log } = options;
  // Trying again is the caller's: what is sent again must be signed again.
  const host = createHost({ signal, attempts: 1 });
  const http = host.http(httpOptions(options.server));
  let offsetMs = 0;
  let last: Promise<unknown> = Promise.resolve();

  const now = () => new Date(clock.now().getTime() + offsetMs);
  const follow = (date: string | null) => {
    const theirs = Date.parse(date ?? '');
    if (Number.isNaN(theirs)) return;
    const ahead = theirs - clock.now().getTime();
    const isClose = Math.abs(ahead) < 5_000;
    if (Math.abs(ahead - offsetMs) < 5_000 && !(isClose && offsetMs !== 0)) return;
    offsetMs = isClose ? 0 : ahead;
    if (!isClose)
      log.write(
        'warn',
        `The clock of this machine is ${Math.round(Math.abs(ahead) / 1_000)} s ${ahead > 0 ? 'behind' : 'ahead of'} the server's. Set it right; until then the server's time is used.`,
      );
  };

  const sendOnce = async ({ method, path, body }: Message): Promise<Answer> => {
    const bytes = body?.bytes ?? new Uint8Array();
    const claims = { keyId: collectorId, createdAt: now(), nonce: await nonces.next() };
    const signed = await signMessage(deviceKey, { method, path, body: bytes }, claims);
    const response = await http.fetch(path, {
      method,
      headers: { ...signed, accept: 'application/json', ...(body && { 'content-type': body.type }) },
      // Its own copy: the type of a body knows no memory that is shared.
      ...(body && { body: new Uint8Array(bytes) }),
    });
    follow(response.headers.get('date'));
    return await readAnswer(response);
  };

  const send: Send = async (message) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await sendOnce(message);
      if (isOk(answer)) nonces.accepted();
      if (answer.status !== 401 || answer.code !== refusals.stale || attempt === 6) return answer;
      // The clock was off, or the number behind: both are right after what the answer said.
      nonces.raise(now());
    }
  };

  return {
    now,
    offsetMs: () => offsetMs,
    inTurn(work) {
      const mine = last.then(() => work(send));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
};
