/** Whole numbers below a bound, the same ones for the same seed (xorshift). */
export const openRandom = (seed: number): ((below: number) => number) => {
  let state = Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};
