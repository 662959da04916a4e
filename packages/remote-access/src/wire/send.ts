import { type Host, redact } from '@gatehouse/host';
import { Fault, type Secret } from '@gatehouse/kernel';
import { createTokenSource } from './token.ts';

/** Where a site is, and the API account that speaks to it. */
export interface SiteAccess {
  /** `https://support.example.com` */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** The only certificate authorities that are trusted, PEM. Left out: those of Node. */
  readonly certificateAuthorities?: string;
  /** Until something of an answer comes; 15 seconds where nothing is said. */
  readonly timeoutMs?: number;
}

export interface SiteRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the origin, with its query. */
  readonly path: string;
  readonly type?: string;
  readonly body?: string;
}

export interface SiteAnswer {
  readonly status: number;
  readonly text: string;
}

/** One request with a token, which is asked for when it is needed. @throws Fault unless the site answered with words of its own */
export type Send = (request: SiteRequest) => Promise<SiteAnswer>;

export const reportsPath = '/api/reporting';

/** Largest answer, in bytes. A report is asked for in parts that are smaller. */
const maxBytes = 64 * 1024 * 1024;

/** A token is kept for as long as it is valid; one that ended before is asked for once more. */
export const openSend = (host: Host, access: SiteAccess): Send => {
  const { origin, certificateAuthorities, timeoutMs = 15_000 } = access;
  const options = {
    ...{ origin: new URL(origin).origin, system: 'the site', timeoutMs, maxBytes },
    ...(certificateAuthorities !== undefined && { certificateAuthorities }),
  };
  const tokens = createTokenSource(host, access, options);
  const http = host.http({
    ...{ ...options, authorize: tokens.authorize },
    // Reports are asked for by forms, and change nothing.
    repeatable: ({ url }) => url.pathname === reportsPath,
  });
  return async ({ method, path, type, body }) => {
    for (let isFirst = true; ; isFirst = false) {
      const generation = await tokens.generation();
      const headers = { accept: '*/*', ...(type !== undefined && { 'content-type': type }) };
      const response = await http.fetch(path, { method, headers, ...(body !== undefined && { body }) });
      const { status } = response;
      const text = await response.text();
      if (status === 401 && isFirst) {
        tokens.renew(generation);
        continue;
      }
      if (status === 401 || status === 403 || status >= 500) throw failureOf(method, path, status, text);
      return { status, text };
    }
  };
};

const failureOf = (method: string, path: string, status: number, text: string): Fault => {
  // Without the query, which may hold the words of somebody.
  const detail = `${method} ${path.replace(/\?.*/s, '')} -> ${status} ${redact(text.slice(0, 300))}`.trim();
  if (status === 401)
    return new Fault('unauthorized', 'The site does not know this API account. Enter its id and secret again.', detail);
  if (status === 403)
    return new Fault(
      'forbidden',
      'Give the API account the permission for this on the site: full access to the Command API, or the reports it reads.',
      detail,
    );
  return new Fault('unreachable', 'The site has a problem of its own.', detail);
};

/** The site understood, and does not do it: its words are for whoever asked. */
export const refusedWith = (words: string, detail: string): Fault =>
  new Fault('misconfigured', `The site refused: ${words.trim().slice(0, 1_000)}`, detail);
