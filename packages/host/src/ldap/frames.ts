import { headAt, Malformed } from './ber.ts';

/** A message that is larger than is taken in. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** Cuts a stream of bytes into messages. What has come of a large message is joined once, when all of it is there. */
export const createFrames = (mostBytes: number) => {
  let pieces: Buffer[] = [];
  let held = 0;
  let needed = 2;

  /** All pieces as one. */
  const join = (): Buffer => {
    const [first] = pieces;
    const whole = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces, held);
    pieces = [whole];
    return whole;
  };

  return {
    /** Bytes that belong to no whole message yet. */
    held: () => held,
    /** The messages that are whole with these bytes. Throws `Malformed` and `TooLarge`. */
    *push(bytes: Buffer): Iterable<Buffer> {
      pieces.push(bytes);
      held += bytes.length;
      while (held >= needed) {
        const whole = join();
        const head = headAt(whole, 0, whole.length);
        if (whole[0] !== sequence) throw new Malformed('the answer is no LDAP');
        if (head === null) {
          needed = held + 1;
          continue;
        }
        if (head.end > mostBytes) throw new TooLarge(`a message of ${head.end} bytes`);
        if (head.end > held) {
          needed = head.end;
          continue;
        }
        const message = whole.subarray(0, head.end);
        const rest = whole.subarray(head.end);
        pieces = rest.length === 0 ? [] : [rest];
        held = rest.length;
        needed = 2;
        yield message;
      }
    },
  };
};

const sequence = 0x30;
