import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createPlain, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';

/** A receiver of syslog of its own, as small as one can be. */
export interface TestReceiver {
  readonly port: number;
  /** Every line that it was sent, in order. */
  readonly lines: readonly string[];
  /** The numbers of the entries in them; 0 is a test message. */
  seqs(): readonly number[];
  stop(): Promise<void>;
}

/**
 * Reads lines that are counted in octets. `cutAfter`: breaks each connection once it has read so many lines of it, as a
 * receiver that is killed does.
 */
export const startReceiver = async (
  of: { readonly port?: number; readonly tls?: TlsOptions; readonly cutAfter?: () => number | null } = {},
): Promise<TestReceiver> => {
  const lines: string[] = [];
  const sockets = new Set<Socket>();
  const take = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let held: Buffer = Buffer.alloc(0);
    let read = 0;
    socket.on('data', (part: Buffer) => {
      held = Buffer.concat([held, part]);
      for (let taken = takeLine(held); taken !== null; taken = takeLine(held)) {
        if (read === of.cutAfter?.()) return socket.resetAndDestroy();
        read += 1;
        lines.push(taken.line);
        held = taken.rest;
      }
      return undefined;
    });
  };
  const server: Server = of.tls ? createTls(of.tls, take) : createPlain(take);
  if (of.tls) server.on('tlsClientError', () => undefined);
  server.listen(of.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: portOf(server.address()),
    lines,
    seqs: () => lines.map(seqOf),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** One that hears datagrams. */
export const startUdpReceiver = async (port = 0): Promise<TestReceiver> => {
  const lines: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (bytes) => lines.push(bytes.toString()));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    lines,
    seqs: () => lines.map(seqOf),
    stop: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
};

const takeLine = (bytes: Buffer): { readonly line: string; readonly rest: Buffer } | null => {
  const [counted = '', length = ''] = /^(\d{1,6}) /.exec(bytes.subarray(0, 7).toString('latin1')) ?? [];
  const end = counted.length + Number(length);
  if (counted === '' || bytes.length < end) return null;
  return { line: bytes.subarray(counted.length, end).toString(), rest: bytes.subarray(end) };
};

const seqOf = (line: string): number => {
  const [, seq = 'none'] = /(?:\bseq="|externalId=|"seq":)(\d+)/.exec(line) ?? [];
  return Number(seq);
};

const portOf = (address: ReturnType<Server['address']>) =>
  typeof address === 'object' && address !== null ? address.port : 0;
