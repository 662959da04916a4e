import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

/** One answer of the outside world. */
export type Reply = (request: Arrived, response: ServerResponse) => void | Promise<void>;

export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeServer {
  readonly origin: string;
  readonly requests: readonly Arrived[];
  close(): Promise<void>;
}

/** A server on loopback. Routes are paths without query; `*` answers what no other does. */
export const startServer = async (routes: Readonly<Record<string, Reply>>): Promise<FakeServer> => {
  const requests: Arrived[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const piece of incoming.setEncoding('utf8')) body += String(piece);
    const { method = 'GET', url = '/', headers } = incoming;
    const arrived = { method, url, headers, body };
    requests.push(arrived);
    const route = routes[url.split('?')[0] ?? ''] ?? routes['*'] ?? reply.status(404);
    await route(arrived, response);
  };
  const server = createServer((incoming, response) => {
    serve(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** An origin where nobody listens. */
export const deadOrigin = async (): Promise<string> => {
  const { origin, close } = await startServer({});
  await close();
  return origin;
};

type Headers = Readonly<Record<string, string>>;

/** Ready-made replies, good and bad. */
export const reply = {
  json:
    (body: unknown, headers: Headers = {}): Reply =>
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
  text:
    (body: string, headers: Headers = {}): Reply =>
    (_, response) =>
      void response.writeHead(200, headers).end(body),
  status:
    (status: number, body: unknown = {}, headers: Headers = {}): Reply =>
    (_, response) =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
  redirect:
    (location: string): Reply =>
    (_, response) =>
      void response.writeHead(302, { location }).end(),
  html: (title = 'Sign in'): Reply =>
    reply.text(`<!doctype html><title>${title}</title>`, { 'content-type': 'text/html; charset=utf-8' }),
  /** Complete as a message, broken off as JSON. */
  truncated: (): Reply => reply.text('[{"id":"1","name":"Ad', { 'content-type': 'application/json' }),
  /** Breaks the connection in the middle of the body. */
  cut: (): Reply => (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('[{"id":"1","name":"Ad', () => response.destroy());
  },
  /** Breaks the connection before an answer. */
  dead: (): Reply => (_, response) => void response.destroy(),
  /** Never says a word. */
  silent: (): Reply => () => undefined,
  /** Begins a body and never ends it. */
  stalled: (): Reply => (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('[');
  },
  /** `bytes` of JSON without a length that would give it away. */
  huge:
    (bytes: number): Reply =>
    async (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const piece = `"${'x'.repeat(65_533)}",`;
      response.write('[');
      for (let sent = 0; sent < bytes && !response.destroyed; sent += piece.length) {
        if (!response.write(piece)) await settled(response);
      }
      response.end('""]');
    },
  /** One reply after the other; the last one stays. */
  inTurn: (...replies: readonly Reply[]): Reply => {
    let turn = 0;
    return (arrived, response) => replies[Math.min(turn++, replies.length - 1)]?.(arrived, response);
  },
} as const;

const settled = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const go = () => {
      response.off('drain', go);
      response.off('close', go);
      resolve();
    };
    response.on('drain', go);
    response.on('close', go);
  });
