import { sidBytes, sidText } from '../sid.ts';

/**
 * SIDs as numbers, so that a million descriptors need each SID's text once. Numbers count from 0 and never change; the
 * index grows with every SID it has not met, by about 60 bytes each.
 */
export interface Trustees {
  /** The number of the SID whose 32-bit little-endian words stand at an index; `words` is how many there are. */
  ofWords(source: Int32Array, at: number, words: number): number;
  ofText(sid: string): number;
  text(trustee: number): string;
  /** What is known of a SID's place in everybody's groups, as bits of `place`. */
  readonly places: () => Uint8Array;
  readonly count: () => number;
}

/** Bits of a trustee's place. */
export const place = {
  /** Whoever has this SID is in Everyone (S-1-1-0) for certain. */
  isInEveryone: 1,
  /** … and in Authenticated Users (S-1-5-11). */
  isInAuthenticated: 2,
  isEveryone: 4,
  isAuthenticated: 8,
  /** CREATOR OWNER and its kin: models for children, in nobody's token. */
  isCreator: 16,
  /** OWNER RIGHTS: stands for the owner and replaces what an owner has by nature. */
  isOwnerRights: 32,
  /** Nobody who signed in has it, so a deny of it takes nothing from others. */
  isAnonymous: 64,
} as const;

/**
 * Where the SID of some words stands. Accounts and groups of a domain or of BUILTIN, and the services of the system, are
 * authenticated; the exceptions are guests, who are not, and groups in which anonymous may be.
 */
const placeOf = (words: Int32Array, start: number, count: number): number => {
  const first = words[start + 2] ?? 0;
  if (count < 3 || (words[start] ?? 0) >>> 16 !== 0) return place.isInEveryone;
  if (words[start + 1] === world) return first === 0 ? place.isInEveryone | place.isEveryone : place.isInEveryone;
  if (words[start + 1] === creator) {
    if (first === 4) return place.isOwnerRights | both;
    return first >>> 0 < 4 ? place.isCreator : place.isInEveryone;
  }
  if (words[start + 1] !== nt) return place.isInEveryone;
  const last = words[start + count - 1] ?? 0;
  if (first === 7) return place.isAnonymous;
  if (first === 11) return both | place.isAuthenticated;
  if (first === 21) return last === guest || last === domainGuests ? place.isInEveryone : both;
  if (first === 32) return last === guests ? place.isInEveryone : last === preWindows2000 ? 0 : both;
  return services.has(first) ? both : place.isInEveryone;
};

const both = place.isInEveryone | place.isInAuthenticated;
/** Identifier authorities 1, 3 and 5 as little-endian words. */
const [world, creator, nt] = [0x0100_0000, 0x0300_0000, 0x0500_0000];
const [guest, domainGuests, guests, preWindows2000] = [501, 514, 546, 554];
/** Domain controllers, the system's own accounts, services, application pools and virtual machines. */
const services = new Set([9, 18, 19, 20, 80, 82, 83]);

export const openTrustees = (): Trustees => {
  // Small to begin with, because `toEdges` opens one for each descriptor; a directory doubles it a dozen times.
  let slots = new Int32Array(64).fill(-1);
  let starts = new Int32Array(32);
  let arena = new Int32Array(256);
  let standing = new Uint8Array(32);
  let used = 0;
  let count = 0;
  const texts: string[] = [];

  const textOf = (trustee: number): string => {
    const known = texts[trustee];
    if (known !== undefined) return known;
    const start = starts[trustee] ?? 0;
    const text = sidText(new Uint8Array(arena.buffer, 4 * start, 4 * lengthAt(arena, start))) ?? '';
    texts[trustee] = text;
    return text;
  };

  const add = (source: Int32Array, at: number, words: number): number => {
    if (used + words > arena.length) arena = grown(arena, new Int32Array(2 * arena.length));
    if (count + 1 > starts.length) {
      starts = grown(starts, new Int32Array(2 * starts.length));
      standing = grown(standing, new Uint8Array(2 * standing.length));
    }
    starts[count] = used;
    for (let word = 0; word < words; word++) arena[used + word] = source[at + word] ?? 0;
    used += words;
    standing[count] = placeOf(arena, starts[count] ?? 0, words);
    if (2 * (count + 1) > slots.length) {
      slots = new Int32Array(2 * slots.length).fill(-1);
      for (let old = 0; old < count; old++)
        put(old, hashOf(arena, starts[old] ?? 0, lengthAt(arena, starts[old] ?? 0)));
    }
    put(count, hashOf(arena, starts[count] ?? 0, words));
    return count++;
  };

  const put = (trustee: number, hash: number): void => {
    let slot = hash & (slots.length - 1);
    while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = trustee;
  };

  const ofWords = (source: Int32Array, at: number, words: number): number => {
    const mask = slots.length - 1;
    let slot = hashOf(source, at, words) & mask;
    for (;;) {
      const trustee = slots[slot] as number; // `slot` is within the array: it was masked.
      if (trustee === -1) return add(source, at, words);
      const start = starts[trustee] as number; // Every number in a slot has a start.
      // The first word holds the number of sub-authorities, so SIDs of other lengths differ before they end. Those of
      // one domain differ in the last word only.
      let word = words - 1;
      while (word >= 0 && arena[start + word] === source[at + word]) word--;
      if (word < 0) return trustee;
      slot = (slot + 1) & mask;
    }
  };

  return {
    ofWords,
    ofText(sid) {
      const bytes = sidBytes(sid) ?? new Uint8Array(8);
      return ofWords(new Int32Array(bytes.buffer), 0, bytes.length / 4);
    },
    text: textOf,
    places: () => standing,
    count: () => count,
  };
};

/**
 * The sum of the words times a factor each, which the processor multiplies at once. The factors are drawn anew in each
 * process: SIDs that collide would make the index slow, and whoever may write a descriptor may write SIDs.
 */
const hashOf = (source: Int32Array, at: number, words: number): number => {
  let hash = words;
  for (let word = 1; word < words; word++)
    hash = (hash + Math.imul(source[at + word] as number, factors[word] as number)) | 0; // Callers count words that are there.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return hash ^ (hash >>> 15);
};

const factors = Int32Array.from({ length: 32 }, () => (Math.random() * 2 ** 32) | 1);

/** A SID's number of words, from the number of sub-authorities in its first. */
const lengthAt = (arena: Int32Array, start: number): number => 2 + (((arena[start] ?? 0) >>> 8) & 0xff);

const grown = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
  to.set(from);
  return to;
};
