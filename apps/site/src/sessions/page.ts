import type { ServerSocket } from '@gatehouse/server';
import type { SessionMessage } from '../api/console.ts';

/** A browser's end of a session: what it is told goes out in order, one after the other. */
export interface Page {
  tell(message: SessionMessage): void;
  /** Tells it from now on that the site is there: a browser does not notice a network that only swallows what is sent. */
  beat(): void;
  /**
   * Resolves at once while little is on its way, else when the network took some, or the page is gone: whoever writes goes
   * on with a page that reads.
   */
  show(bytes: Buffer): Promise<void>;
  close(code: number, reason: string): void;
  /** The browser is gone. */
  left(): void;
}

/** A page that is behind by so many messages is cut off: it comes back and begins anew. */
const mostWaiting = 1_000;
/** Bytes that the network may not have taken yet. */
const mostUnderWay = 256 * 1024;

export const createPage = (socket: ServerSocket, beatMs: number): Page => {
  let isOpen = true;
  let [messages, bytes] = [0, 0];
  let last: Promise<void> = Promise.resolve();
  const send = (message: string | Buffer): void => {
    if (!isOpen) return;
    messages += 1;
    bytes += message.length;
    if (messages > mostWaiting) {
      isOpen = false;
      socket.close(1013, 'This page does not keep up.');
      return;
    }
    const settled = () => {
      messages -= 1;
      bytes -= message.length;
    };
    // One that is gone says so to its listener.
    last = socket.send(message).then(settled, settled);
  };
  const tell = (message: SessionMessage) => send(JSON.stringify(message));
  const beat = () => tell({ type: 'beat', nextMs: beatMs });
  let timer: NodeJS.Timeout | undefined;
  return {
    tell,
    beat() {
      beat();
      timer = setInterval(beat, beatMs);
    },
    async show(part) {
      send(part);
      while (isOpen && bytes > mostUnderWay) await last;
    },
    close(code, reason) {
      // Behind what was said before.
      void last.then(() => socket.close(code, reason));
      isOpen = false;
      clearInterval(timer);
    },
    left: () => clearInterval(timer),
  };
};
