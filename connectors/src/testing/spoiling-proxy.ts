import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';

export interface Passed {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The connection breaks in the middle of the body. */
  readonly isCut?: boolean;
}

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
}

/** Changes an answer on its way; the same one back leaves it as it is. */
export type Spoil = (answer: Passed, asked: Asked) => Passed;

export interface SpoilingProxy {
  readonly origin: string;
  /** Called for every answer while it is set. */
  spoil: Spoil | null;
  close(): Promise<void>;
}

/** Stands between a connector and its vendor, which believes to be asked at the proxy's address, so links lead here. */
export const openProxy = async (vendor: string): Promise<SpoilingProxy> => {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const passed = send(new URL(url, vendor), { method, headers, agent: false }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => {
        body += piece;
      });
      answer.on('end', () => {
        const whole: Passed = { status: answer.statusCode ?? 500, headers: answer.headers, body };
        const spoilt = proxy.spoil?.(whole, { method, url }) ?? whole;
        const { 'content-length': _, 'transfer-encoding': __, ...kept } = spoilt.headers;
        if (spoilt.isCut === true) {
          outgoing.writeHead(spoilt.status, { ...kept, 'content-length': Buffer.byteLength(spoilt.body) + 1 });
          outgoing.write(spoilt.body.slice(0, Math.ceil(spoilt.body.length / 2)), () => outgoing.destroy());
        } else outgoing.writeHead(spoilt.status, kept).end(spoilt.body);
      });
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const proxy: SpoilingProxy = {
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    spoil: null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
};
