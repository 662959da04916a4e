/**
 * MD4 (RFC 1320). Long broken; NTLM derives an account's key with it all the same, and OpenSSL 3 leaves it out. For
 * nothing else.
 */
export const md4 = (message: Buffer): Buffer => {
  const bits = message.length * 8;
  const padded = Buffer.alloc(Math.ceil((message.length + 9) / 64) * 64);
  message.copy(padded);
  padded[message.length] = 0x80;
  padded.writeUInt32LE(bits >>> 0, padded.length - 8);
  padded.writeUInt32LE(Math.floor(bits / 2 ** 32), padded.length - 4);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let at = 0; at < padded.length; at += 64) state = block(state, padded, at);
  const digest = Buffer.alloc(16);
  for (const [i, word] of state.entries()) digest.writeUInt32LE(word >>> 0, i * 4);
  return digest;
};

type State = readonly [number, number, number, number];

interface Round {
  mix(x: number, y: number, z: number): number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly turns: readonly number[];
}

const rounds: readonly Round[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    turns: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    turns: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    turns: [3, 9, 11, 15],
  },
];

const block = (state: State, bytes: Buffer, at: number): State => {
  let [a, b, c, d] = state;
  for (const { mix, constant, order, turns } of rounds) {
    for (const [i, word] of order.entries()) {
      const sum = (a + mix(b, c, d) + bytes.readUInt32LE(at + word * 4) + constant) | 0;
      const turn = turns[i % 4] ?? 0;
      [a, d, c, b] = [d, c, b, (sum << turn) | (sum >>> (32 - turn))];
    }
  }
  return [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
};
