import type { Readable } from 'node:stream';

/** How long the message is that begins here; null while too little of it is there. Throws for what is no message. */
export type LengthOf = (bytes: Buffer) => number | null;

/** Takes messages out of a stream, one by one and whole. */
export interface Frames {
  /** Null at the end of the stream, also in the middle of a message. */
  next(lengthOf: LengthOf): Promise<Buffer | null>;
}

export const framesOf = (stream: Readable): Frames => {
  const parts: AsyncIterator<unknown> = stream[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async next(lengthOf) {
      for (;;) {
        const length = rest.length === 0 ? null : lengthOf(rest);
        if (length !== null && rest.length >= length) {
          const frame = rest.subarray(0, length);
          rest = rest.subarray(length);
          return frame;
        }
        const part = await parts.next();
        if (part.done) return null;
        if (Buffer.isBuffer(part.value)) rest = rest.length === 0 ? part.value : Buffer.concat([rest, part.value]);
      }
    },
  };
};

/** What is no message of the protocol at all. */
export class NoFrame extends Error {
  override readonly name = 'NoFrame';
}

/** Of a message in a TPKT, or in the short form that input and pictures have (MS-RDPBCGR 2.2.8.1.2 and 2.2.9.1.2). */
export const pduLength: LengthOf = (bytes) => {
  const first = bytes[0] ?? 0;
  if (first === 3) {
    if (bytes.length < 4) return null;
    const length = bytes.readUInt16BE(2);
    if (length < 7) throw new NoFrame(`a packet of ${length} bytes`);
    return length;
  }
  if ((first & 3) !== 0) throw new NoFrame(`a message that begins with ${first}`);
  const second = bytes[1];
  if (second === undefined || ((second & 0x80) !== 0 && bytes.length < 3)) return null;
  const length = second & 0x80 ? bytes.readUInt16BE(1) & 0x7fff : second;
  if (length < 3) throw new NoFrame(`a message of ${length} bytes`);
  return length;
};
