import { guidBytes } from '../guid.ts';

/**
 * The rights that GUIDs cover as an open hash table of words, five for each slot: the GUID's four and the rights; no
 * rights is an empty slot.
 */
export const toGuidWords = (covered: Iterable<readonly [guid: string, rights: number]>): Int32Array => {
  const table = new Int32Array(5 * guidSlots);
  for (const [guid, rights] of covered) {
    const words = wordsOfGuid(guid);
    let slot = guidSlot(words[0] ?? 0, words[3] ?? 0);
    while (table[5 * slot + 4] !== 0) slot = (slot + 1) & (guidSlots - 1);
    table.set(words, 5 * slot);
    table[5 * slot + 4] = rights;
  }
  return table;
};

/** A GUID as it stands in a descriptor, in little-endian words. */
export const wordsOfGuid = (guid: string): Int32Array => new Int32Array((guidBytes(guid) ?? new Uint8Array(16)).buffer);

/** The rights that the GUID at an index covers. */
export const coveredAt = (table: Int32Array, words: Int32Array, at: number): number => {
  const a = words[at] as number;
  const d = words[(at + 3) | 0] as number;
  let place = 5 * guidSlot(a, d);
  for (;;) {
    const rights = table[(place + 4) | 0] as number;
    if (rights === 0) return 0;
    if (
      table[place] === a &&
      table[(place + 1) | 0] === words[(at + 1) | 0] &&
      table[(place + 2) | 0] === words[(at + 2) | 0] &&
      table[(place + 3) | 0] === d
    )
      return rights;
    place = (place + 5) % tableWords;
  }
};

/** Several times as many as any table has GUIDs, so that there is always an empty one. */
export const guidSlots = 128;

const tableWords = 5 * guidSlots;

export const guidSlot = (first: number, last: number): number => Math.imul(first ^ last, 0x9e37_79b1) >>> 25;
