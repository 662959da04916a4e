import type { ServerSocket } from '@gatehouse/server';
import type { SessionMessage } from '../api/console.ts';

/** A browser's end of a session: what it is told goes out in order, one after the other. */
export interface Page {
  tell(message: SessionMessage): void;
  /** Resolves when the network took it, or the page is gone: whoever writes goes on with a page that reads. */
  show(bytes: Buffer): Promise<void>;
  close(code: number, reason: string): void;
}

/** A page that is behind by so many messages is cut off: it comes back and begins anew. */
const mostWaiting = 1_000;

export const createPage = (socket: ServerSocket): Page => {
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
  return {
    tell: (message) => void queue(JSON.stringify(message)),
    show: (bytes) => queue(bytes),
    close(code, reason) {
      // Behind what was said before.
      void last.then(() => socket.close(code, reason));
      isOpen = false;
    },
  };
};
