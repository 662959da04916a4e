/** Takes messages out of bytes that come in pieces of any size. */
export interface RdpMessages {
  /** Those that are whole now. Throws where the bytes are none of this protocol. */
  push(bytes: Uint8Array): readonly Uint8Array[];
}

/**
 * The client wants one message at a time: what stands behind the last one of the connection's beginning it would lose. The
 * first is the answer of RDCleanPath; then come those of the protocol, in their long and short form.
 */
export const createRdpMessages = (): RdpMessages => {
  let held = new Uint8Array(0);
  let isFirst = true;
  return {
    push(bytes) {
      const whole = new Uint8Array(held.length + bytes.length);
      whole.set(held);
      whole.set(bytes, held.length);
      const messages: Uint8Array[] = [];
      let at = 0;
      for (;;) {
        const rest = whole.subarray(at);
        const length = isFirst ? answerLength(rest) : messageLength(rest);
        if (length === null || length > rest.length) break;
        if (length < 2) throw new Error('The recording is not one of a remote desktop.');
        messages.push(rest.slice(0, length));
        isFirst = false;
        at += length;
      }
      held = whole.slice(at);
      return messages;
    },
  };
};

const answerLength = (bytes: Uint8Array): number | null => {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  if (size > 4 || bytes.length < 2 + size) return size > 4 ? 0 : null;
  return 2 + size + bytes.subarray(2, 2 + size).reduce((sum, byte) => sum * 256 + byte, 0);
};

const messageLength = (bytes: Uint8Array): number | null => {
  const [first, second, third, fourth] = bytes;
  if (first === undefined || second === undefined) return null;
  if (first === 3) return third === undefined || fourth === undefined ? null : third * 256 + fourth;
  if (second < 0x80) return second;
  return third === undefined ? null : (second & 0x7f) * 256 + third;
};
