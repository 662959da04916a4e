import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from '@gatehouse/host/testing';

/** Stands between ECMs and a site, ends their TLS as it were, and keeps every word. */
export interface LoggingProxy {
  readonly url: string;
  /** Every message of every connection, in both directions, and every token request. */
  readonly heard: string[];
  /** Where it leads; changed when the site moves. */
  target: string;
  /** Ends every connection. */
  cut(): void;
  close(): Promise<void>;
}

export const startLoggingProxy = async (target: string): Promise<LoggingProxy> => {
  const heard: string[] = [];
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: ([first = '']) => first });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    try {
      const answer = await fetch(new URL(request.url ?? '/', proxy.target), {
        method: request.method ?? 'GET',
        headers: {
          authorization: request.headers.authorization ?? '',
          'content-type': request.headers['content-type'] ?? '',
        },
        ...(body.length > 0 && { body }),
      });
      const text = await answer.text();
      heard.push(body.toString(), text);
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    } catch {
      response.writeHead(503).end();
    }
  });
  server.on('upgrade', (request, socket, head) => {
    const { authorization = '' } = request.headers;
    const protocol = request.headers['sec-websocket-protocol'] ?? '';
    const to = new WebSocket(`${proxy.target.replace(/^http/, 'ws')}${request.url}`, protocol.split(/, */), {
      headers: { authorization },
    });
    socket.on('error', () => to.terminate());
    to.on('error', () => socket.destroy());
    to.on('unexpected-response', (_, { statusCode }) => {
      socket.end(`HTTP/1.1 ${statusCode} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
      to.terminate();
    });
    to.on('open', () => {
      sockets.handleUpgrade(request, socket, head, (from) => {
        const join = (one: WebSocket, other: WebSocket) => {
          one.on('message', (data) => {
            heard.push(String(data));
            other.send(String(data));
          });
          one.on('close', (code) => (code >= 3_000 ? other.close(code) : other.terminate()));
          one.on('error', () => other.terminate());
        };
        join(from, to);
        join(to, from);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const cut = () => {
    for (const client of sockets.clients) client.terminate();
  };
  const proxy: LoggingProxy = {
    ...{ url: `http://127.0.0.1:${port}`, heard, target, cut },
    async close() {
      cut();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
};
