import { Agent as PlainAgent, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestOverTls, Agent as TlsAgent } from 'node:https';
import type { SecureContext } from 'node:tls';
import { lookupAt } from './lookup-at.ts';

/** What one request needs of `fetch`. */
export interface Sent {
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  readonly signal: AbortSignal;
}

/** What of an answer is looked at. */
export interface Answered {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** Null: none. Leaving off in the middle of it ends the connection. */
  readonly body: AsyncIterable<Uint8Array> | null;
  /** Nobody wants the body. */
  leave(): void;
}

/** How a system is reached where the way is not the usual one. */
export interface Way {
  readonly addresses?: readonly string[];
  readonly trust?: SecureContext;
  readonly proxy?: string;
}

/** `fetch`, which takes compressed answers. */
export const fetchUsual = async (url: URL, { method, headers, body, signal }: Sent): Promise<Answered> => {
  const answer = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
  const { status, statusText } = answer;
  return {
    status,
    statusText,
    headers: answer.headers,
    body: answer.body,
    leave: () => void answer.body?.cancel().catch(() => undefined),
  };
};

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
  return (url: URL, { method, headers, body, signal }: Sent): Promise<Answered> =>
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
        resolve({
          ...{ status: statusCode, statusText: statusMessage, headers: received, body: hasNoBody ? null : answer },
          leave: () => answer.destroy(),
        });
      });
      request.once('error', reject);
      request.end(body ?? undefined);
    });
};

const withTrust = (trust: SecureContext | undefined) => (trust === undefined ? {} : { secureContext: trust });
