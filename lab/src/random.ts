/** Repeatable chance: the same seed gives the same organisation on every machine. */
export interface Chance {
  /** From 0 to 1. */
  next(): number;
  /** From `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
  /** True in about `share` of the cases. */
  happens(share: number): boolean;
  /** A vendor-like id: a prefix and letters and digits, `length` in all. */
  id(prefix: string, length: number): string;
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Mulberry32: small, fast and good enough for invented people. */
export const chance = (seed: number): Chance => {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    pick: (from) => from[between(0, from.length - 1)] ?? from[0],
    happens: (share) => next() < share,
    id: (prefix, length) => {
      let made = prefix;
      while (made.length < length) made += letters[between(0, letters.length - 1)];
      return made;
    },
  };
};
