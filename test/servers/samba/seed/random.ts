/** The same numbers in every build of the seed. */
export const seededRandom = (seed: number) => {
  let state = seed >>> 0;
  /** From 0 up to but without `limit`. */
  const below = (limit: number): number => {
    // xorshift32: small, and good enough for names and ages.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
  const pick = <T>(items: readonly T[]): T => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error('Nothing to pick from.');
    return item;
  };
  return { below, pick };
};
export type Random = ReturnType<typeof seededRandom>;
