/** What a terminal showed last, so that a page that comes back has something to begin with. */
export interface Screen {
  add(bytes: Buffer): void;
  bytes(): Buffer;
}

export const createScreen = (most = 256 * 1024): Screen => {
  /** Until there is enough for the ring, which most sessions never need. */
  let parts: Buffer[] = [];
  let held = 0;
  let ring: Buffer | null = null;
  /** Where the oldest byte of the ring is, and the next one goes. */
  let at = 0;
  const turn = (into: Buffer, bytes: Buffer) => {
    const last = bytes.subarray(-most);
    const fits = Math.min(last.length, most - at);
    last.copy(into, at, 0, fits);
    last.copy(into, 0, fits);
    at = (at + last.length) % most;
  };
  return {
    add(bytes) {
      if (ring !== null) return turn(ring, bytes);
      parts.push(bytes);
      held += bytes.length;
      if (held <= most) return;
      ring = Buffer.alloc(most);
      turn(ring, Buffer.concat(parts));
      parts = [];
    },
    bytes: () => Buffer.concat(ring === null ? parts : [ring.subarray(at), ring.subarray(0, at)]),
  };
};
