/**
 * Numbers as ranges, each end as the difference to the one before (zig-zag, base 128): systems list their records in
 * much the same order every time, so a page of a thousand takes some bytes to a few thousand.
 */
export const packRanges = (seqs: readonly number[]): Buffer => {
  const bytes: number[] = [];
  let before = 0;
  for (let start = 0; start < seqs.length; ) {
    const first = seqs[start] ?? 0;
    let length = 1;
    while (seqs[start + length] === first + length) length++;
    pack(bytes, first - before);
    pack(bytes, length);
    before = first + length - 1;
    start += length;
  }
  return Buffer.from(bytes);
};

/** Pairs of a first number and how many follow on it, itself counted. */
export const unpackRanges = (packed: Buffer): readonly (readonly [first: number, length: number])[] => {
  const ranges: [number, number][] = [];
  let at = 0;
  let before = 0;
  const next = (): number => {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = packed[at++] ?? 0;
      value += (byte & 127) * weight;
      if (byte < 128) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
  };
  while (at < packed.length) {
    const first = before + next();
    const length = next();
    ranges.push([first, length]);
    before = first + length - 1;
  }
  return ranges;
};

/** Multiplied rather than shifted, because seqs pass 32 bits. */
const pack = (bytes: number[], value: number): void => {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
};

/** Answers whether a number lies in any of many ranges. */
export const inRanges = (ranges: readonly (readonly [first: number, length: number])[]): ((seq: number) => boolean) => {
  const sorted = ranges.toSorted((a, b) => a[0] - b[0]);
  const firsts = Float64Array.from(sorted, ([first]) => first);
  // The furthest end of all ranges up to this one: repeats of a page overlap.
  const ends = new Float64Array(sorted.length);
  sorted.forEach(([first, length], index) => {
    ends[index] = Math.max(first + length - 1, ends[index - 1] ?? 0);
  });
  return (seq) => {
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firsts[middle] ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return low > 0 && seq <= (ends[low - 1] ?? -1);
  };
};
