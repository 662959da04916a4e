/** What a terminal showed last, so that a page that comes back has something to begin with. */
export interface Screen {
  add(bytes: Buffer): void;
  bytes(): Buffer;
}

export const createScreen = (most = 256 * 1024): Screen => {
  let parts: Buffer[] = [];
  let held = 0;
  return {
    add(bytes) {
      parts.push(bytes);
      held += bytes.length;
      // A few large steps rather than one for each part.
      if (held <= most * 2) return;
      parts = [Buffer.concat(parts).subarray(-most)];
      held = most;
    },
    bytes: () => Buffer.concat(parts).subarray(-most),
  };
};
