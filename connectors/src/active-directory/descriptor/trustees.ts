import { sidBytes, sidText } from '../sid.ts';
import { openPrefixes, type PrefixStore } from './prefixes.ts';

/**
 * SIDs as numbers, so that a million descriptors need each SID's text once. Numbers count from 0 and never change; the
 * index grows with every SID it has not met, by about 50 bytes each.
 */
export interface Trustees {
  /** The number of the SID whose 32-bit little-endian words stand at an index; `words` is how many there are. */
  ofWords(source: Int32Array, at: number, words: number): number;
  ofText(sid: string): number;
  text(trustee: number): string;
  /** What is known of a SID's place in everybody's groups, as bits of `place`. */
  placeOf(trustee: number): number;
  readonly store: TrusteeStore;
}

export interface TrusteeStore {
  /** An open hash table of numbers; -1 is an empty slot. */
  slots: Int32Array;
  /** `recordWords` for each trustee at the places of `recordAt`, side by side because all are needed together. */
  records: Int32Array;
  readonly prefixes: PrefixStore;
  count: number;
}

/** The number of the SID's prefix, its last word, its place as above, and where a tally keeps its row. */
export const recordAt = { prefix: 0, last: 1, place: 2, row: 3 } as const;
export const recordWords = 4;

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
const placeOfWords = (words: Int32Array, start: number, count: number): number => {
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
  const prefixes = openPrefixes();
  // Small to begin with; a directory doubles it a dozen times.
  const store: TrusteeStore = {
    slots: new Int32Array(64).fill(-1),
    records: new Int32Array(32 * recordWords),
    prefixes: prefixes.store,
    count: 0,
  };
  const texts: string[] = [];
  const ofTexts = new Map<string, number>();

  const put = (trustee: number): void => {
    const { slots, records } = store;
    const [prefix = 0, last = 0] = records.subarray(recordWords * trustee);
    let slot = hashOf(prefix, last) & (slots.length - 1);
    while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = trustee;
  };

  const grow = (): void => {
    store.records = grown(store.records, 2 * store.records.length);
    store.slots = new Int32Array(2 * store.slots.length).fill(-1);
    for (let old = 0; old < store.count; old++) put(old);
  };

  const ofWords = (source: Int32Array, at: number, words: number): number => {
    const prefix = prefixes.numberOf(source, at, words - 1);
    const last = source[at + words - 1] ?? 0;
    const known = findTrustee(store.slots, store.records, prefix, last);
    if (known !== -1) return known;
    if (recordWords * (store.count + 1) > store.records.length) grow();
    const trustee = store.count++;
    store.records.set([prefix, last, placeOfWords(source, at, words), 0], recordWords * trustee);
    put(trustee);
    return trustee;
  };

  const textOf = (trustee: number): string => {
    const [prefix = 0, last = 0] = store.records.subarray(recordWords * trustee);
    const words = prefixes.wordsOf(prefix);
    return sidText(new Uint8Array(Int32Array.of(...words, last).buffer)) ?? '';
  };

  return {
    ...{ store, ofWords },
    ofText(sid) {
      const known = ofTexts.get(sid);
      if (known !== undefined) return known;
      const bytes = sidBytes(sid) ?? new Uint8Array(8);
      const trustee = ofWords(new Int32Array(bytes.buffer), 0, bytes.length / 4);
      ofTexts.set(sid, trustee);
      return trustee;
    },
    text(trustee) {
      texts[trustee] ??= textOf(trustee);
      return texts[trustee];
    },
    placeOf: (trustee) => store.records[recordWords * trustee + recordAt.place] ?? 0,
  };
};

/** The number of a SID in the arrays of a store; -1 where it is new. */
export const findTrustee = (slots: Int32Array, records: Int32Array, prefix: number, last: number): number => {
  const mask = (slots.length - 1) | 0;
  let slot = hashOf(prefix, last) & mask;
  for (;;) {
    const trustee = slots[slot] as number; // `slot` is within the array: it was masked.
    const record = trustee << 2;
    if (trustee === -1 || (records[record] === prefix && records[record + 1] === last)) return trustee;
    slot = (slot + 1) & mask;
  }
};

/**
 * The factors are drawn anew in each process: SIDs that collide would make the index slow, and whoever may write a
 * descriptor may write SIDs.
 */
const hashOf = (prefix: number, last: number): number => {
  const hash = (Math.imul(prefix, prefixFactor) + Math.imul(last, lastFactor)) | 0;
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 15);
};

const [prefixFactor, lastFactor] = [(Math.random() * 2 ** 32) | 1, (Math.random() * 2 ** 32) | 1];

const grown = (from: Int32Array, length: number): Int32Array => {
  const to = new Int32Array(length);
  to.set(from);
  return to;
};
