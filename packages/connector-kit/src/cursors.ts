/** Remembers the cursors of one read, so that a list which leads back into itself is noticed. */
export interface Cursors {
  /** False when this read had it before. */
  add(cursor: string): boolean;
}

/** A number for each; a cycle longer than this many pages ends by the run's budget of time. */
const remembered = 100_000;

export const createCursors = (): Cursors => {
  const seen = new Set<number>();
  return {
    add(cursor) {
      const key = digest(cursor);
      if (seen.has(key)) return false;
      seen.add(key);
      if (seen.size > remembered) for (const oldest of seen.values().take(1)) seen.delete(oldest);
      return true;
    },
  };
};

/** 53 bits (cyrb53, public domain): among 100,000 cursors two are mistaken for one in one of a million reads. */
const digest = (text: string): number => {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2_654_435_761);
    low = Math.imul(low ^ unit, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
};
