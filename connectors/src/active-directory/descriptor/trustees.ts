import { sidBytes, sidText } from '../sid.ts';

/**
 * SIDs as numbers, so that a million descriptors need each SID's text once. Numbers count from 0 and never change; the
 * index grows with every SID it has not met, by about 50 bytes each.
 */
export interface Trustees {
  /** The number of the SID whose 32-bit little-endian words stand at an index; `words` is how many there are. */
  ofWords(source: Int32Array, at: number, words: number): number;
  ofText(sid: string): number;
  text(trustee: number): string;
  /** Makes room for so many more, so that the arrays of the store stay the same ones while those are added. */
  reserve(more: number): void;
  add(source: Int32Array, at: number, words: number): number;
  readonly store: TrusteeStore;
}

export interface TrusteeStore {
  /** An open hash table of numbers; -1 is an empty slot. */
  slots: Int32Array;
  /** Eight words for each trustee, which is what nearly all SIDs take; zeros for the longer ones. */
  records: Int32Array;
  /** What is known of a SID's place in everybody's groups, as bits of `place`. */
  places: Uint8Array;
  count: number;
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
  const store: TrusteeStore = {
    slots: new Int32Array(64).fill(-1),
    records: new Int32Array(32 * recordWords),
    places: new Uint8Array(32),
    count: 0,
  };
  const texts: string[] = [];
  const long = new Map<string, number>();

  const reserve = (more: number): void => {
    const most = store.count + more;
    if (most <= store.places.length) return;
    store.records = grown(store.records, new Int32Array(2 * most * recordWords));
    store.places = grown(store.places, new Uint8Array(2 * most));
    store.slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * most + 1))).fill(-1);
    for (let old = 0; old < store.count; old++) if (store.records[recordWords * old] !== 0) put(old);
  };

  const put = (trustee: number): void => {
    const { slots, records } = store;
    const start = recordWords * trustee;
    let slot = hashOf(records, start, wordsIn(records, start)) & (slots.length - 1);
    while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = trustee;
  };

  const add = (source: Int32Array, at: number, words: number): number => {
    if (words > recordWords) return addLong(source, at, words);
    reserve(1);
    for (let word = 0; word < words; word++) store.records[recordWords * store.count + word] = source[at + word] ?? 0;
    store.places[store.count] = placeOf(source, at, words);
    put(store.count);
    return store.count++;
  };

  /** Known by their text, because services and app containers are hardly ever trustees in a directory. */
  const addLong = (source: Int32Array, at: number, words: number): number => {
    const text = sidText(new Uint8Array(source.buffer, source.byteOffset + 4 * at, 4 * words)) ?? '';
    const known = long.get(text);
    if (known !== undefined) return known;
    reserve(1);
    store.places[store.count] = placeOf(source, at, words);
    texts[store.count] = text;
    long.set(text, store.count);
    return store.count++;
  };

  const ofWords = (source: Int32Array, at: number, words: number): number => {
    const known = findSid(store.slots, store.records, source, at, words);
    return known === -1 ? add(source, at, words) : known;
  };

  return {
    ...{ store, reserve, add, ofWords },
    ofText(sid) {
      const bytes = sidBytes(sid) ?? new Uint8Array(8);
      return ofWords(new Int32Array(bytes.buffer), 0, bytes.length / 4);
    },
    text(trustee) {
      texts[trustee] ??=
        sidText(new Uint8Array(store.records.buffer, 4 * recordWords * trustee, 4 * recordWords)) ?? '';
      return texts[trustee];
    },
  };
};

/** The number of a SID in the arrays of a store; -1 where it is new, or a long one. */
export const findSid = (
  slots: Int32Array,
  records: Int32Array,
  source: Int32Array,
  at: number,
  words: number,
): number => {
  if (words > recordWords) return -1;
  const mask = slots.length - 1;
  let slot = hashOf(source, at, words) & mask;
  for (;;) {
    const trustee = slots[slot] as number; // `slot` is within the array: it was masked.
    if (trustee === -1) return -1;
    const start = recordWords * trustee;
    // SIDs of one domain differ in the last word only; those of other lengths differ in the first, which says it.
    let word = words - 1;
    while (word >= 0 && records[start + word] === source[at + word]) word--;
    if (word < 0) return trustee;
    slot = (slot + 1) & mask;
  }
};

const recordWords = 8;

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

/** A record's number of words, from the number of sub-authorities in its first; 0 for the place of a long SID. */
const wordsIn = (records: Int32Array, start: number): number => {
  const first = records[start] ?? 0;
  return first === 0 ? 0 : 2 + ((first >>> 8) & 0xff);
};

const grown = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
  to.set(from);
  return to;
};
