import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/**
 * The defence against requests that another site makes with this person's cookie. A browser sends `Origin` with every
 * request that changes something, and newer ones `Sec-Fetch-Site`; neither can be set by a page. So: what changes
 * something needs the proof that our own page asked, unless an `Authorization` header was accepted, which no browser
 * adds by itself. No token to carry, nothing for the pages to do. The cookies are `SameSite=Lax` besides.
 */
export const refuseOtherOrigins = (request: FastifyRequest, isOurs: (origin: string) => boolean): void => {
  const { origin, 'sec-fetch-site': site } = request.headers;
  // A WebSocket begins with a GET, and any page may open one with this person's cookie.
  if (safe.has(request.method) && !request.routeOptions.config?.isWebSocket) return;
  // An accepted header says who calls; one that was not accepted must not open the way for the cookie.
  if (request.headers.authorization !== undefined && request.caller !== null) return;
  if (typeof site === 'string' && site !== 'same-origin') throw refusal();
  if (typeof origin === 'string' ? isOurs(origin) : site === 'same-origin') return;
  throw refusal();
};

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

const refusal = () =>
  new Problem(
    403,
    'other-origin',
    'Not from this site',
    'Requests that change something are taken from the pages of this server, or with an API key. Programs send the header Origin with the address of this server.',
  );
