import { NoFrame } from './frames.ts';

/** What a message in a TPKT is to the layer of channels (T.125), as far as anyone here asks. */
export type Mcs =
  | { readonly kind: 'initial' | 'response' | 'joining' | 'over' }
  /** Bytes on a channel. */
  | { readonly kind: 'data'; readonly initiator: number; readonly channel: number; readonly data: Buffer };

const dataAt = 7;

/** Throws `NoFrame` for what is neither. */
export const parseMcs = (frame: Buffer): Mcs => {
  if (frame.length < dataAt + 1 || frame[4] !== 2 || frame[5] !== 0xf0 || frame[6] !== 0x80)
    throw new NoFrame('a packet without data');
  const first = frame[dataAt] ?? 0;
  if (first === 0x7f && frame[dataAt + 1] === 0x65) return { kind: 'initial' };
  if (first === 0x7f && frame[dataAt + 1] === 0x66) return { kind: 'response' };
  const choice = first >> 2;
  // To the domain, to a user and to a channel, and what is answered to the last two.
  if (choice === 1 || choice === 10 || choice === 11 || choice === 14 || choice === 15) return { kind: 'joining' };
  if (choice === 8) return { kind: 'over' };
  if (choice !== 25 && choice !== 26) throw new NoFrame(`a packet of the kind ${choice}`);
  if (frame.length < dataAt + 7) throw new NoFrame('a packet that ends too early');
  const [length, from] = perLength(frame, dataAt + 6);
  if (from + length !== frame.length) throw new NoFrame('a packet that is longer or shorter than it says');
  return {
    kind: 'data',
    ...{ initiator: frame.readUInt16BE(dataAt + 1), channel: frame.readUInt16BE(dataAt + 3) },
    data: frame.subarray(from),
  };
};

/** A message of a client on a channel, whole. */
export const dataRequest = (initiator: number, channel: number, data: Buffer): Buffer => {
  const head = Buffer.from([3, 0, 0, 0, 2, 0xf0, 0x80, 0x64, 0, 0, 0, 0, 0x70, 0, 0]);
  head.writeUInt16BE(head.length + data.length, 2);
  head.writeUInt16BE(initiator, 8);
  head.writeUInt16BE(channel, 10);
  head.writeUInt16BE(0x8000 | data.length, 13);
  return Buffer.concat([head, data]);
};

/** A length as PER writes it, and where it ends. */
export const perLength = (bytes: Buffer, at: number): readonly [length: number, end: number] => {
  const first = bytes[at];
  const second = bytes[at + 1];
  if (first === undefined) throw new NoFrame('a length that is missing');
  if (first < 0x80) return [first, at + 1];
  if (second === undefined || first >= 0xc0) throw new NoFrame('a length that is none');
  return [((first & 0x3f) << 8) | second, at + 2];
};
