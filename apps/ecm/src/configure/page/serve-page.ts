import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Fault } from '@gatehouse/kernel';

/** One request that may be answered: from the browser that opened the address, from our own page. */
export interface PageRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What a form sent; empty for GET. */
  readonly sent: URLSearchParams;
  /** For the one style of a page. */
  readonly nonce: string;
}

export interface ServedPage {
  /** With a token that works once. */
  readonly url: string;
  /** Resolves when nobody has used it for the time, or it was closed. */
  readonly closed: Promise<void>;
  close(): void;
}

/** Null: there is no such page. A text that begins with `/` leads there. */
export type Answer = string | null;

const mostBytes = 300_000;

/**
 * Serves pages on loopback to one browser. The token of the address becomes a cookie and is worth nothing then. Requests
 * for another name (a name of somebody else that leads here) and from other pages are refused.
 */
export const servePage = async (
  answer: (request: PageRequest) => Promise<Answer>,
  idleMs = 1_800_000,
): Promise<ServedPage> => {
  const token = randomBytes(24).toString('base64url');
  const cookie = randomBytes(24).toString('base64url');
  let isUsed = false;
  const server = createServer((request, response) => {
    idle.refresh();
    respond(request, response).catch((error: unknown) => {
      const [status, words] = error instanceof Fault ? [400, error.advice] : [500, 'Something went wrong.'];
      if (!response.headersSent) response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
      response.end(words);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.maxConnections = 20;
  const closed = Promise.withResolvers<void>();
  const close = () => {
    clearTimeout(idle);
    server.close(() => closed.resolve());
    server.closeAllConnections();
  };
  const idle = setTimeout(close, idleMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  const origin = `http://${host}`;

  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers } = request;
    const nonce = randomBytes(16).toString('base64');
    for (const [name, value] of Object.entries(guards(nonce))) response.setHeader(name, value);
    const refuse = (status: number, words: string) =>
      void response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(words);
    if (headers.host !== host) return refuse(421, 'This page has another address.');
    const url = new URL(request.url ?? '/', origin);
    const given = url.searchParams.get('token');
    if (given !== null && method === 'GET') {
      if (isUsed || !isSame(given, token))
        return refuse(403, 'This address was used already. Start the Configurator again.');
      isUsed = true;
      response.setHeader('set-cookie', `ecm=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
      return void response.writeHead(303, { location: '/' }).end();
    }
    const own = /(?:^|;\s*)ecm=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    if (!isSame(own, cookie)) return refuse(403, 'Open the address that the Configurator printed.');
    if (method !== 'GET' && method !== 'POST') return refuse(405, 'Only GET and POST.');
    const isOurs = headers.origin === origin && [undefined, 'same-origin'].includes(siteOf(headers['sec-fetch-site']));
    if (method === 'POST' && !isOurs) return refuse(403, 'This came from another page.');
    const sent = method === 'POST' ? await readForm(request) : new URLSearchParams();
    const said = await answer({ method, path: url.pathname, sent, nonce });
    if (said === null) return refuse(404, 'There is no such page.');
    if (said.startsWith('/')) return void response.writeHead(303, { location: said }).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(said);
  };

  return { url: `${origin}/?token=${token}`, closed: closed.promise, close };
};

const guards = (nonce: string) => ({
  'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  ...{ 'cache-control': 'no-store', 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff' },
  'cross-origin-opener-policy': 'same-origin',
});

const siteOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

/** Whole texts are compared in a time that does not tell how much of them is right. */
const isSame = (a: string, b: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
};

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  if (!/^application\/x-www-form-urlencoded\b/.test(request.headers['content-type'] ?? ''))
    throw new Fault('misconfigured', 'Only forms are taken.');
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += piece.length;
    if (size <= mostBytes) pieces.push(piece);
    // Leaving off ends the connection, and a browser in the midst of sending would not see the answer.
    if (size > 64 * mostBytes) break;
  }
  if (size > mostBytes) throw new Fault('misconfigured', 'This is too large.');
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
};
