import { createHost, findReceiver, type Resolve, sign, statusOf } from '@gatehouse/host';
import { type Clock, toFault } from '@gatehouse/kernel';
import type { Log, Sealer } from '@gatehouse/server';
import { toForm } from './form.ts';
import type { Recipient } from './queue.ts';

export interface SendParts {
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  /** Lets events reach private and loopback addresses, for recipients inside the network. */
  readonly allowPrivate: boolean;
  /** Where the names of recipients lead. Default: as this machine resolves names. */
  readonly resolve?: Resolve;
  /** Until an answer begins. Default ten seconds. */
  readonly timeoutMs?: number;
}

/** `error` is empty where the recipient took it. */
export interface Outcome {
  readonly status: number | null;
  readonly error: string;
}

export interface Message {
  readonly deliveryId: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Where a secret of a recipient belongs. */
export const placeOf = (recipientId: number, field: 'secret' | 'token') =>
  ['site', 'outbound-events', String(recipientId), field] as const;

/** No try takes longer altogether: less than a turn, so that nobody else begins meanwhile. */
export const longestMs = 15_000;

/** One try. Only HTTP 200 counts, wherever else an answer leads. @throws only when `signal` ends it */
export const send = async (
  parts: SendParts,
  recipient: Recipient,
  { deliveryId, parameters }: Message,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { sealer, clock, log, allowPrivate, resolve, timeoutMs = 10_000 } = parts;
  const limit = AbortSignal.timeout(longestMs);
  try {
    const url = new URL(recipient.url);
    if (recipient.token !== null)
      url.searchParams.append(
        'outbound_event_token',
        sealer.open(recipient.token, placeOf(recipient.id, 'token')).reveal(),
      );
    const body = toForm(parameters);
    const signature =
      recipient.secret === null
        ? {}
        : sign(sealer.open(recipient.secret, placeOf(recipient.id, 'secret')), deliveryId, clock.now(), body);
    const addresses = allowPrivate ? undefined : await findReceiver(url, resolve);
    const host = createHost({
      ...{ signal: AbortSignal.any([signal, limit]), clock, attempts: 1, answerMs: longestMs },
      log: (line) => log.debug(line, 'asked'),
    });
    const http = host.http({
      ...{ origin: url.origin, system: 'the recipient', timeoutMs, maxBytes: 1_048_576 },
      // Paths of webhooks are secrets at some.
      shown: () => '/…',
      ...(addresses && { addresses }),
      ...(recipient.caCertificate !== '' && { certificateAuthorities: recipient.caCertificate }),
    });
    const answer = await http.fetch(url, {
      ...{ method: 'POST', body, redirect: 'manual' },
      headers: {
        ...signature,
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': 'Gatehouse',
      },
    });
    return { status: answer.status, error: answer.status === 200 ? '' : said(answer.status) };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { status: null, error: `The recipient took more than ${longestMs / 1_000} seconds.` };
    const status = statusOf(error);
    if (status !== null && (status < 300 || status > 399)) return { status, error: said(status) };
    const fault = toFault(error);
    if (error !== fault) log.warn({ err: error, deliveryId }, 'an outbound event could not be sent');
    return { status, error: `${fault.advice.charAt(0).toUpperCase()}${fault.advice.slice(1)}`.slice(0, 1_000) };
  }
};

const said = (status: number) => `The recipient answered ${status}. Only 200 says that it took the event.`;
