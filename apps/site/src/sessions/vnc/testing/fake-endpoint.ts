import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface FakeEndpoint extends AsyncDisposable {
  readonly port: number;
  /** The connection, once somebody is let in. */
  readonly joined: Promise<Socket>;
}

/** A VNC server that lets everybody in, and from there on says what a test wants. */
export const fakeEndpoint = async (): Promise<FakeEndpoint> => {
  const joined = Promise.withResolvers<Socket>();
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    const pixels = Buffer.from('2018000100ff00ff00ff100800000000', 'hex');
    const init = Buffer.concat([Buffer.of(0, 64, 0, 48), pixels, Buffer.of(0, 0, 0, 4), Buffer.from('fake')]);
    socket.write(Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1, 0, 0, 0, 0), init]));
    // Version, security type, and whether to share.
    let left = 14;
    const hear = (bytes: Buffer) => {
      left -= bytes.length;
      if (left > 0) return;
      socket.off('data', hear);
      socket.pause();
      if (left < 0) socket.unshift(bytes.subarray(left));
      joined.resolve(socket);
    };
    socket.on('data', hear);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    joined: joined.promise,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
