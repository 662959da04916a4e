import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';

export interface Posted {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How a receiver answers; left out: 200. */
export type Answer = (answer: ServerResponse) => void;

export interface Receiver {
  readonly posted: readonly Posted[];
  /** The names of the events that came, in order. */
  events(): readonly (string | null)[];
  /** What comes next is answered in these ways, one after the other. */
  next(...answers: Answer[]): void;
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Somebody's receiver on loopback. */
export const openReceiver = async (
  tls?: { readonly key: string; readonly certificate: string },
  address: '127.0.0.1' | '::1' = '127.0.0.1',
): Promise<Receiver> => {
  const posted: Posted[] = [];
  const answers: Answer[] = [];
  const serve: Parameters<typeof createServer>[1] = async (request, answer) => {
    const { method, url, headers } = request;
    posted.push({ method, url, headers, body: await text(request) });
    (answers.shift() ?? status(200))(answer);
  };
  const server = tls ? createTlsServer({ key: tls.key, cert: tls.certificate }, serve) : createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  const port = typeof bound === 'object' ? bound?.port : '';
  const name = address === '::1' ? '[::1]' : address;
  return {
    posted,
    events: () => posted.map(({ body }) => new URLSearchParams(body).get('event')),
    next: (...more) => void answers.push(...more),
    url: tls ? `https://localhost:${port}/events` : `http://${name}:${port}/events`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (answer) =>
    void answer.writeHead(code, headers).end('as you like');
/** Takes it and never says so. */
export const silent: Answer = () => undefined;
/** Breaks off in the middle of the answer. */
export const cut: Answer = (answer) => {
  answer.writeHead(200, { 'content-length': '100' });
  answer.write('as', () => answer.destroy());
};
/** No HTTP at all. */
export const garbage: Answer = (answer) => void answer.socket?.end('220 mail.acme.example ESMTP\r\n');
/** More than anybody reads. */
export const endless: Answer = (answer) => {
  answer.writeHead(200);
  const piece = Buffer.alloc(65_536);
  const more = () => {
    while (!answer.destroyed && answer.write(piece));
    if (!answer.destroyed) answer.once('drain', more);
  };
  more();
};
