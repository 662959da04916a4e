import { Fault } from '@gatehouse/kernel';
import type { LogLine } from './exchange.ts';
import { type Answered, fetchAt } from './fetch-at.ts';
import { networkFault, redirectFault } from './network.ts';
import { pinTo } from './pinning.ts';
import { bounded } from './redact.ts';
import { trustOf } from './trust.ts';
import { faultOf, kindOf, Refused } from './words.ts';

export interface DownloadOptions {
  readonly system: string;
  /** The only origin that is asked. */
  readonly origin: string;
  /** An address of that origin that opens by itself; nothing is added to it, and no log holds its query. */
  readonly address: string;
  /** The only certificate authorities that are trusted, PEM. Default: those of Node. */
  readonly certificateAuthorities?: string;
  /** Milliseconds until the answer begins. Default 30,000. */
  readonly headMs?: number;
  /** Milliseconds between two parts of it, as long as somebody takes them. Default 60,000. */
  readonly idleMs?: number;
  /** Default 16 GiB. */
  readonly maxBytes?: number;
}

/** Something large, handed on as it comes. */
export interface Download {
  readonly contentType: string;
  /** Null: the system does not say. */
  readonly bytes: number | null;
  /** Throws a Fault where it breaks off, so that a part is never taken for the whole. Leaving off ends the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Opens one address of a system for reading. @throws Fault */
export const openDownload = async (
  options: DownloadOptions,
  around: { readonly signal: AbortSignal; log?(line: LogLine): void },
): Promise<Download> => {
  const { system, origin, address, certificateAuthorities, headMs = 30_000, idleMs = 60_000 } = options;
  const { maxBytes = 16 * 2 ** 30 } = options;
  const url = pinTo(system, origin).resolve(address);
  const request = `GET ${bounded(url.pathname, 300)}`;
  const began = performance.now();
  const stalled = new AbortController();
  const signal = AbortSignal.any([around.signal, stalled.signal]);
  const stall = (ms: number) => setTimeout(() => stalled.abort({ stalledMs: ms }), ms);
  const failed = (cause: unknown): Error => {
    if (cause instanceof Fault) return cause;
    around.signal.throwIfAborted();
    return networkFault(system, request, stalled.signal.aborted ? stalled.signal.reason : cause).fault;
  };
  const fetch = fetchAt(certificateAuthorities === undefined ? {} : { trust: trustOf(system, certificateAuthorities) });
  const timer = stall(headMs);
  let answer: Answered;
  try {
    const headers = new Headers({ accept: '*/*', 'user-agent': 'Gatehouse', connection: 'close' });
    answer = await fetch(url, { method: 'GET', headers, body: null, signal });
  } catch (cause) {
    throw failed(cause);
  } finally {
    clearTimeout(timer);
  }
  const { status, headers } = answer;
  const tookMs = Math.round(performance.now() - began);
  around.log?.({ system, method: 'GET', path: url.pathname, status, attempt: 1, tookMs, bytes: 0 });
  const length = headers.get('content-length');
  const bytes = length === null ? null : Number(length);
  const refusal =
    status >= 300 && status <= 399
      ? redirectFault(system, request, answer, url)
      : status !== 200
        ? faultOf(kindOf(status), system, `${request} -> ${status}`, new Refused(status))
        : bytes !== null && bytes > maxBytes
          ? faultOf('unexpected', system, `${request}: ${bytes} bytes are more than ${maxBytes}`)
          : null;
  if (refusal !== null) {
    answer.leave();
    throw refusal;
  }
  return { contentType: headers.get('content-type') ?? '', bytes, body: parts() };

  async function* parts(): AsyncGenerator<Uint8Array> {
    let came = 0;
    let idle = stall(idleMs);
    try {
      for await (const part of answer.body ?? []) {
        clearTimeout(idle);
        came += part.byteLength;
        if (came > maxBytes) throw faultOf('unexpected', system, `${request}: more than ${maxBytes} bytes`);
        yield part;
        idle = stall(idleMs);
      }
      if (bytes !== null && came !== bytes)
        throw faultOf('unreachable', system, `${request}: ${came} of ${bytes} bytes came`);
    } catch (cause) {
      throw failed(cause);
    } finally {
      clearTimeout(idle);
      answer.leave();
    }
  }
};
