/** A stream of RC4: each call goes on where the last one ended. */
export interface Rc4 {
  apply(bytes: Buffer): Buffer;
  /** Another one that stands where this one stands now. */
  copy(): Rc4;
}

/** RC4. Long broken; NTLM seals with it, inside of TLS, and OpenSSL 3 leaves it out. For nothing else. */
export const createRc4 = (key: Buffer): Rc4 => {
  const box = Uint8Array.from({ length: 256 }, (_, i) => i);
  let j = 0;
  for (let i = 0; i < 256; i++) {
    j = (j + at(box, i) + (key[i % key.length] ?? 0)) & 0xff;
    swap(box, i, j);
  }
  return resumed(box, 0, 0);
};

const resumed = (box: Uint8Array, first: number, second: number): Rc4 => {
  let [i, j] = [first, second];
  return {
    apply: (bytes) =>
      Buffer.from(
        bytes.map((byte) => {
          i = (i + 1) & 0xff;
          j = (j + at(box, i)) & 0xff;
          swap(box, i, j);
          return byte ^ at(box, (at(box, i) + at(box, j)) & 0xff);
        }),
      ),
    copy: () => resumed(box.slice(), i, j),
  };
};

const at = (box: Uint8Array, i: number) => box[i] ?? 0;
const swap = (box: Uint8Array, i: number, j: number) => {
  [box[i], box[j]] = [at(box, j), at(box, i)];
};
