import { headAt, Malformed } from './ber.ts';

/** A message that is larger than is taken in. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Cuts a stream of bytes into messages. Every byte of a message in several packets is copied once, however small they are. */
export const createFrames = (mostBytes: number) => {
  /** Of a head that is not whole. */
  let start: Buffer = Buffer.alloc(0);
  /** Room for a message that is not whole, and how much of it has come. */
  let room: Buffer | null = null;
  let filled = 0;

  return {
    /** Bytes that belong to no whole message yet. */
    held: () => start.length + filled,
    /** The messages that are whole with these bytes. Throws `Malformed` and `TooLarge`. */
    *push(bytes: Buffer): Iterable<Buffer> {
      let rest = start.length === 0 ? bytes : Buffer.concat([start, bytes]);
      start = Buffer.alloc(0);
      while (rest.length > 0) {
        if (room !== null) {
          const taken = rest.copy(room, filled);
          filled += taken;
          rest = rest.subarray(taken);
          if (filled < room.length) return;
          const message = room;
          room = null;
          filled = 0;
          yield message;
          continue;
        }
        if (rest[0] !== sequence) throw new Malformed('the answer is no LDAP');
        const head = headAt(rest, 0, rest.length);
        if (head === null) {
          start = rest;
          return;
        }
        if (head.end > mostBytes) throw new TooLarge(`a message of ${head.end} bytes`);
        if (head.end > rest.length) room = Buffer.allocUnsafe(head.end);
        else {
          yield rest.subarray(0, head.end);
          rest = rest.subarray(head.end);
        }
      }
    },
  };
};

const sequence = 0x30;
