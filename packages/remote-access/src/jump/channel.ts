import { Duplex } from 'node:stream';
import { Fault, toFault } from '@gatehouse/kernel';
import { toRemoteFault } from './line.ts';
import { ChannelNote, jumpLimits } from './protocol.ts';

/** What carries a channel: a WebSocket, whichever side opened it. */
export interface ChannelSocket {
  send(message: string | Uint8Array): Promise<void>;
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
}

/** One end of a channel: a stream of bytes whose sides wait for one another, and a few notes beside it. */
export interface JumpChannel {
  /** Ends when the other side has said its last; whoever has nothing more to say ends it. */
  readonly stream: Duplex;
  /** Not in order with bytes that are still to be sent. */
  say(note: ChannelNote): void;
  onNote(listener: (note: ChannelNote) => void): void;
  /** Tells the other side what went wrong, and ends it. */
  fail(error: unknown): void;
  /** What came over the socket. */
  readonly heard: { text(text: string): void; bytes(bytes: Buffer): void; closed(): void };
}

/** @param lost What whoever uses it is told where the connection is cut. */
export const createChannel = (socket: ChannelSocket, lost: string): JumpChannel => {
  let listen: (note: ChannelNote) => void = () => undefined;
  let isClosed = false;
  const say = (note: ChannelNote) => {
    if (!isClosed) socket.send(JSON.stringify(note)).catch(() => undefined);
  };
  const stream: Duplex = new Duplex({
    read: () => socket.resume(),
    write(bytes: Buffer, _encoding, done) {
      sendParts(socket, bytes).then(() => done(), done);
    },
    final(done) {
      say({ type: 'end' });
      done();
    },
    destroy(error, done) {
      socket.close(1000, 'It is over.');
      done(error);
    },
  });
  // Whoever uses it hears of its end by `close`, or by what it reads.
  stream.on('error', () => undefined);

  return {
    ...{ stream, say },
    onNote(listener) {
      listen = listener;
    },
    fail(error) {
      const { kind, advice } = toFault(error);
      say({ type: 'failed', kind, advice: advice.slice(0, 1_000) });
      stream.destroy();
    },
    heard: {
      text(text) {
        const note = ChannelNote.safeParse(jsonOf(text)).data;
        if (note === undefined) stream.destroy(new Fault('unexpected', 'This is no note of a channel.'));
        else if (note.type === 'failed') stream.destroy(toRemoteFault(note.kind, note.advice));
        else if (note.type === 'end') stream.push(null);
        else listen(note);
      },
      bytes(bytes) {
        if (!stream.destroyed && !stream.push(bytes)) socket.pause();
      },
      closed() {
        isClosed = true;
        if (!stream.destroyed) stream.destroy(new Fault('unreachable', lost));
      },
    },
  };
};

const sendParts = async (socket: ChannelSocket, bytes: Buffer): Promise<void> => {
  for (let at = 0; at < bytes.length; at += jumpLimits.partBytes)
    await socket.send(bytes.subarray(at, at + jumpLimits.partBytes));
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
