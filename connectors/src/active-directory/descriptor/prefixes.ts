/**
 * SIDs without their last word: a domain, BUILTIN, an authority. A forest has a handful of them, so they are compared in
 * the processor's nearest memory, and a SID is two numbers, the one of its prefix and its last word.
 */
export interface Prefixes {
  /** The number of the prefix that stands at an index. */
  numberOf(source: Int32Array, at: number, words: number): number;
  wordsOf(prefix: number): Int32Array;
  readonly store: PrefixStore;
}

export interface PrefixStore {
  /** Sixteen words for each prefix, as many as the longest has. */
  words: Int32Array;
  /** By `recentSlot`: the number of the prefix that was looked for last; 0 to begin with. */
  readonly recent: Int32Array;
}

export const openPrefixes = (): Prefixes => {
  const store = { words: new Int32Array(4 * mostWords), recent: new Int32Array(recentSlots) };
  /** By their words in text. */
  const known = new Map<string, number>();

  const numberOf = (source: Int32Array, at: number, words: number): number => {
    const near = findRecent(store.words, store.recent, source, at, words);
    if (near !== -1) return near;
    const text = source.subarray(at, at + words).join();
    const number = known.get(text) ?? add(text, source, at, words);
    store.recent[recentSlot(source[at + words - 1] ?? 0)] = number;
    return number;
  };

  const add = (text: string, source: Int32Array, at: number, words: number): number => {
    const number = known.size;
    known.set(text, number);
    if (store.words.length < mostWords * known.size) store.words = doubled(store.words);
    store.words.set(source.subarray(at, at + words), mostWords * number);
    return number;
  };

  return {
    ...{ store, numberOf },
    wordsOf(prefix) {
      const words = store.words.subarray(mostWords * prefix, mostWords * (prefix + 1));
      return words.subarray(0, 1 + (((words[0] ?? 0) >>> 8) & 0xff));
    },
  };
};

/** The number of a prefix that was looked for before, and since then no other one of its slot; else -1. */
export const findRecent = (
  known: Int32Array,
  recent: Int32Array,
  source: Int32Array,
  at: number,
  words: number,
): number => {
  let word = (words - 1) | 0;
  const number = recent[recentSlot(source[(at + word) | 0] as number)] as number;
  const start = number << 4;
  while (word >= 0 && known[(start + word) | 0] === source[(at + word) | 0]) word = (word - 1) | 0;
  return word < 0 ? number : -1;
};

const recentSlot = (last: number): number => Math.imul(last, 0x9e37_79b1) >>> 26;

const recentSlots = 64;
const mostWords = 16;

const doubled = (from: Int32Array): Int32Array<ArrayBuffer> => {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
};
