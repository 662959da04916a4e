import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { connect, type Socket } from 'node:net';

/** An HTTP proxy that leads every name to this machine. */
export interface TestProxy {
  readonly url: string;
  /** What it was asked for: `CONNECT name:port`, or the method and the address of a plain request. */
  readonly asked: readonly string[];
  close(): void;
}

export const startProxy = async (): Promise<TestProxy> => {
  const asked: string[] = [];
  const ends = new Set<Socket>();
  const keep = (socket: Socket) => {
    ends.add(socket);
    socket.on('close', () => ends.delete(socket)).on('error', () => undefined);
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    asked.push(`${method} ${url}`);
    const { port, pathname, search } = new URL(url);
    const onward = send({ host: '127.0.0.1', port, path: pathname + search, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on('connection', keep);
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const onward = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () =>
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    );
    keep(onward);
    socket.on('error', () => onward.destroy());
    onward.pipe(socket).pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    asked,
    close() {
      server.close();
      for (const end of ends) end.destroy();
    },
  };
};
