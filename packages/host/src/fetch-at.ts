import { Agent as PlainAgent, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestOverTls, Agent as TlsAgent } from 'node:https';
import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { lookupAt } from './lookup-at.ts';

/** What one request needs of `fetch`. */
export interface Sent {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly signal: AbortSignal;
}

/** How a system is reached where the way is not the usual one. */
export interface Way {
  readonly addresses?: readonly string[];
  readonly trust?: SecureContext;
  readonly proxy?: string;
}

/**
 * `fetch` that goes a way of its own. With `addresses` it connects to one of them and asks nobody where the name leads:
 * between a check of a name and a second look at it, whoever owns the name could make it lead elsewhere. The Host header
 * and the name that the certificate must have stay those of the URL. Follows no redirect.
 */
export const fetchAt = ({ addresses, trust, proxy }: Way) => {
  const shared = {
    keepAlive: true,
    ...(proxy !== undefined && { proxyEnv: { HTTP_PROXY: proxy, HTTPS_PROXY: proxy } }),
  };
  const agents = { 'http:': new PlainAgent(shared), 'https:': new TlsAgent({ ...shared, ...withTrust(trust) }) };
  return (url: URL, { method, headers, body, signal }: Sent): Promise<Response> =>
    new Promise((resolve, reject) => {
      const isSecure = url.protocol === 'https:';
      const options: RequestOptions = {
        ...{ method, headers: Object.fromEntries(headers), signal },
        // No connection is kept to a checked address: it is good for this request only.
        ...(addresses === undefined
          ? { agent: agents[isSecure ? 'https:' : 'http:'] }
          : { agent: false, lookup: lookupAt(addresses), ...withTrust(trust) }),
      };
      const request = (isSecure ? requestOverTls : requestPlain)(url, options, (answer) => {
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
};

const withTrust = (trust: SecureContext | undefined) => (trust === undefined ? {} : { secureContext: trust });
