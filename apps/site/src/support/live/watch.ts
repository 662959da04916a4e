import type { ServerSocket, SocketListener } from '@gatehouse/server';
import type { Hub } from './hub.ts';

/** So often at most a console is told that something changed; it asks what. */
const pauseMs = 300;

/** Tells a console, by one word, that queues or sessions are not as they were. */
export const openWatch =
  (hub: Hub) =>
  (socket: ServerSocket): SocketListener => {
    let timer: NodeJS.Timeout | null = null;
    let isDue = false;
    const tell = (): void => {
      if (timer !== null) {
        isDue = true;
        return;
      }
      void socket.send('changed').catch(() => undefined);
      timer = setTimeout(() => {
        timer = null;
        if (isDue) tell();
        isDue = false;
      }, pauseMs);
    };
    const end = hub.watch(tell);
    return {
      text: () => socket.close(1008, 'Nothing is said here.'),
      closed() {
        end();
        if (timer !== null) clearTimeout(timer);
      },
    };
  };
