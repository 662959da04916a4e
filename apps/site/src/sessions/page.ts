import type { ServerSocket } from '@gatehouse/server';
import type { SessionMessage } from '../api/console.ts';

/** A browser's end of a session: what it is told goes out in order, one after the other. */
export interface Page {
  tell(message: SessionMessage): void;
  /** Tells it from now on that the site is there: a browser does not notice a network that only swallows what is sent. */
  beat(): void;
  /** Resolves when the network took it, or the page is gone: whoever writes goes on with a page that reads. */
  show(bytes: Buffer): Promise<void>;
  close(code: number, reason: string): void;
  /** The browser is gone. */
  left(): void;
}

/** A page that is behind by so many messages is cut off: it comes back and begins anew. */
const mostWaiting = 1_000;

export const createPage = (socket: ServerSocket, beatMs: number): Page => {
  let isOpen = true;
  let isGone = false;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();
  const queue = (message: string | Buffer): Promise<void> => {
    if (!isOpen) return Promise.resolve();
    waiting += 1;
    if (waiting > mostWaiting) {
      isOpen = false;
      socket.close(1013, 'This page does not keep up.');
    }
    last = last.then(async () => {
      try {
        if (!isGone) await socket.send(message);
      } catch {
        // `closed` of its listener says so.
        isGone = true;
      } finally {
        waiting -= 1;
      }
    });
    return last;
  };
  const tell = (message: SessionMessage) => void queue(JSON.stringify(message));
  const beat = () => tell({ type: 'beat', nextMs: beatMs });
  let timer: NodeJS.Timeout | undefined;
  return {
    tell,
    beat() {
      beat();
      timer = setInterval(beat, beatMs);
    },
    show: (bytes) => queue(bytes),
    close(code, reason) {
      // Behind what was said before.
      void last.then(() => socket.close(code, reason));
      isOpen = false;
      clearInterval(timer);
    },
    left: () => clearInterval(timer),
  };
};
