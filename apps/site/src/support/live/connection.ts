import type { ServerSocket } from '@gatehouse/server';
import type { HeardInSession } from '../../api/live.ts';

/** The page of somebody in a session, at this copy of the site. */
export interface Connection {
  readonly lsid: string;
  readonly gsnumber: number;
  readonly kind: 'representative' | 'customer';
  /** The number of the last event that it was sent. */
  last: number;
  hear(message: HeardInSession): void;
  /** A part of the screen of `from`. */
  draw(from: number, part: Buffer): void;
  close(code: number, reason: string): void;
}

/** What may wait for a page that reads slowly, in bytes; whoever is further behind connects anew and is told what it missed. */
const mostWaiting = 16_000_000;
/** A part of a screen is left out for a page that is so far behind. */
const mostScreen = 4_000_000;

export const toConnection = (
  socket: ServerSocket,
  of: Pick<Connection, 'lsid' | 'gsnumber' | 'kind' | 'last'>,
): Connection => {
  let waiting = 0;
  const send = (message: string | Buffer): void => {
    const { length } = message;
    if (waiting + length > mostWaiting) {
      socket.close(4_000, 'This page reads too slowly.');
      return;
    }
    waiting += length;
    // Where the connection is gone, its page comes back and says what it has.
    void socket
      .send(message)
      .catch(() => undefined)
      .finally(() => {
        waiting -= length;
      });
  };
  return {
    ...of,
    hear: (message) => send(JSON.stringify(message)),
    draw(from, part) {
      // A picture with a hole cannot be shown: it goes on with the next recording that begins.
      if (waiting > mostScreen) return;
      const head = Buffer.alloc(4);
      head.writeUInt32BE(from);
      send(Buffer.concat([head, part]));
    },
    close: (code, reason) => socket.close(code, reason),
  };
};
