import { Duplex } from 'node:stream';
import type { ServerSocket, SocketListener } from '@gatehouse/server';

/** A WebSocket that carries bytes, as a stream of them: both sides wait for a slow one. */
export const socketStream = (
  socket: ServerSocket,
): {
  readonly stream: Duplex;
  readonly listener: SocketListener;
  isLeft(): boolean;
  /** Ends it with words for the page. */
  end(reason: string): void;
} => {
  let isLeft = false;
  let reason = 'It is over.';
  // In a moment: who ends it may know only then why.
  const close = () => void setImmediate(() => socket.close(1000, reason));
  const stream = new Duplex({
    read: () => socket.resume(),
    write(bytes: Buffer, _encoding, done) {
      socket.send(bytes).then(() => done(), done);
    },
    final(done) {
      close();
      done();
    },
    destroy(error, done) {
      close();
      done(error);
    },
  });
  // Whoever uses it hears of its end by `close`.
  stream.on('error', () => undefined);
  return {
    stream,
    isLeft: () => isLeft,
    end(why) {
      reason = why;
      stream.destroy();
    },
    listener: {
      text: () => stream.destroy(new Error('Only bytes are spoken here.')),
      bytes(bytes) {
        if (!stream.destroyed && !stream.push(bytes)) socket.pause();
      },
      closed() {
        isLeft = true;
        if (!stream.destroyed) stream.destroy();
      },
    },
  };
};
