import { type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestOverTls } from 'node:https';
import { Readable } from 'node:stream';
import { lookupAt } from './lookup-at.ts';

/** What one request needs of `fetch`. */
export interface Sent {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly signal: AbortSignal;
}

/**
 * `fetch` that connects to one of these addresses and asks nobody where the name leads: between a check of a name and
 * a second look at it, whoever owns the name could make it lead elsewhere. The Host header and the name that the
 * certificate must have stay those of the URL. Follows no redirect.
 */
export const fetchAt =
  (addresses: readonly string[]) =>
  (url: URL, { method, headers, body, signal }: Sent): Promise<Response> =>
    new Promise((resolve, reject) => {
      const lookup = lookupAt(addresses);
      // No connection is kept: one to a checked address is good for this request only.
      const options: RequestOptions = { method, headers: Object.fromEntries(headers), lookup, signal, agent: false };
      const request = (url.protocol === 'https:' ? requestOverTls : requestPlain)(url, options, (answer) => {
        const { statusCode = 500, statusMessage = '', rawHeaders } = answer;
        const received = new Headers();
        for (let at = 0; at < rawHeaders.length; at += 2)
          received.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
        const hasNoBody = [204, 205, 304].includes(statusCode);
        if (hasNoBody) answer.resume();
        const stream = hasNoBody ? null : (Readable.toWeb(answer) as ReadableStream<Uint8Array>); // the same streams, typed twice
        resolve(new Response(stream, { status: statusCode, statusText: statusMessage, headers: received }));
      });
      request.once('error', reject);
      request.end(body ?? undefined);
    });
