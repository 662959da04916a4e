import { controlFlags, headerSize } from './descriptor.ts';
import { entryFlag, objectFlag } from './entry.ts';
import { guidSlot, guidSlots } from './guid-words.ts';
import { maskIndex, type RightTable } from './right-table.ts';
import { allowIn, denyIn, reserveRows, rowOf, type Tally } from './tally.ts';
import { findSid, place, type Trustees } from './trustees.ts';

/** The walk met something that sound descriptors do not have, or only rarely: the parser deals with it. */
export const oddity = -2;
/** There is no owner, or OWNER RIGHTS says what it gets. */
export const nobody = -1;

/** Puts a descriptor, given as aligned 32-bit words of which `length` bytes count, into the tally. */
export type Walk = (words: Int32Array, length: number, table: RightTable) => number;

/**
 * A walk answers the trustee number of an owner who owns by nature, or `nobody`, or `oddity`, after which the tally
 * holds an unknown part of the descriptor. What stands after the length is left from others and never looked at.
 *
 * Everything that `parseDescriptor` calls a fault is an oddity here, and so are a SACL, a DACL that is null or absent
 * and entries with conditions, so that the two ways agree on all input; a test holds them to it. No arrays, objects or
 * iterators below: this runs for every entry of a directory.
 */
export const openWalk = (sids: Trustees, tally: Tally): Walk => {
  const walk: Walk = (words, length, table) => {
    if (length < headerSize) return oddity;
    const head = w(words, 0);
    const ownerAt = w(words, 1);
    const groupAt = w(words, 2);
    const daclAt = w(words, 4);
    if ((head & 0xff) !== 1 || ((head >>> 16) & asked) !== usual) return oddity;
    if (((ownerAt | groupAt | daclAt) & 3) !== 0 || daclAt < headerSize || daclAt + 8 > length) return oddity;
    const ownerEnd = ownerAt === 0 ? 0 : endOfSid(words, ownerAt, length);
    const groupEnd = groupAt === 0 ? 0 : endOfSid(words, groupAt, length);
    const list = w(words, daclAt >> 2);
    const daclEnd = daclAt + (list >>> 16);
    const revision = list & 0xff;
    if (ownerEnd < 0 || groupEnd < 0 || (revision !== 2 && revision !== 4)) return oddity;
    if (daclEnd > length || daclEnd < daclAt + 8) return oddity;
    if (ownerAt < daclEnd && daclAt < ownerEnd) return oddity;
    if (groupAt < daclEnd && daclAt < groupEnd) return oddity;
    if (ownerAt < groupEnd && groupAt < ownerEnd) return oddity;
    const owner = ownerAt === 0 ? nobody : sids.ofWords(words, ownerAt >> 2, (ownerEnd - ownerAt) >> 2);
    return walkEntries(words, daclAt, daclEnd, owner, table);
  };

  const walkEntries = (
    words: Int32Array,
    daclAt: number,
    daclEnd: number,
    owner: number,
    table: RightTable,
  ): number => {
    const { allowed, denied, guidWords, classWords } = table;
    let left = w(words, (daclAt >> 2) + 1) & 0xffff;
    let at = (daclAt >> 2) + 2;
    const end = daclEnd >> 2;
    // No entry with a trustee is smaller than four words. After this the arrays stay the same ones to the end.
    const most = 1 + Math.min(left, (end - at) >> 2);
    sids.reserve(most);
    reserveRows(tally, most, sids.store.count + most);
    const { slots, records, places } = sids.store;
    const { rows, ids, seen, state } = tally;
    let ownerNow = owner;
    for (; left > 0; left--) {
      if (at + 2 > end) return oddity;
      const head = w(words, at);
      const size = head >>> 16;
      const next = at + (size >> 2);
      if (size < 8 || (size & 3) !== 0 || next > end) return oddity;
      const type = head & 0xff;
      let sidAt = at + 2;
      let objectTypeAt = 0;
      let inheritedTypeAt = 0;
      if (type === allowObject || type === denyObject) {
        if (sidAt + 1 > next) return oddity;
        const present = w(words, sidAt);
        sidAt++;
        if (present >>> 0 > 3) return oddity;
        if ((present & objectFlag.objectType) !== 0) {
          objectTypeAt = sidAt;
          sidAt += 4;
        }
        if ((present & objectFlag.inheritedObjectType) !== 0) {
          inheritedTypeAt = sidAt;
          sidAt += 4;
        }
      } else if (type !== allow && type !== deny) return oddity;
      if (sidAt + 2 > next) return oddity;
      const sidHead = w(words, sidAt);
      const sidWords = 2 + ((sidHead >>> 8) & 0xff);
      if ((sidHead & 0xff) !== 1 || sidWords > 17 || sidAt + sidWords > next) return oddity;
      const mask = w(words, at + 1);
      at = next;
      if ((head & inheritOnly) !== 0) continue;
      const isAllow = type === allow || type === allowObject;
      let rights = (isAllow ? allowed : denied)[maskIndex(mask)] as number; // The index is below the table's length.
      const isOfOwners = sidWords === 3 && w(words, sidAt + 1) === creatorAuthority;
      // Most entries of a directory only let people read.
      if (rights === 0 && !isOfOwners) continue;
      const isInherited = (head & inherited) !== 0;
      if (isInherited && inheritedTypeAt !== 0 && !isFor(words, inheritedTypeAt, classWords)) continue;
      if (objectTypeAt !== 0) rights &= coveredAt(words, objectTypeAt, guidWords);
      if (rights === 0 && !isOfOwners) continue;
      let trustee = findSid(slots, records, words, sidAt, sidWords);
      if (trustee === -1) trustee = sids.add(words, sidAt, sidWords);
      if (isOfOwners) {
        const standing = places[trustee] as number; // Every trustee has a place.
        if ((standing & place.isCreator) !== 0) continue;
        if ((standing & place.isOwnerRights) !== 0) {
          ownerNow = nobody;
          if (owner === nobody) continue;
          trustee = owner;
        }
        if (rights === 0) continue;
      }
      const row = rowOf(rows, ids, seen, state, trustee, places[trustee] as number);
      if (isAllow) allowIn(rows, state, row, rights, isInherited, false);
      else denyIn(rows, state, row, rights, false);
    }
    return ownerNow;
  };

  return walk;
};

/** Self-relative, with a DACL and without a SACL. */
const usual = controlFlags.SR | controlFlags.DP;
const asked = usual | controlFlags.SP;
/** Flags where they stand in an entry's first word. */
const inheritOnly = entryFlag.inheritOnly << 8;
const inherited = entryFlag.inherited << 8;

const allow = 0;
const deny = 1;
const allowObject = 5;
const denyObject = 6;
/** The identifier authority 3 as a little-endian word. */
const creatorAuthority = 0x0300_0000;

const coveredAt = (words: Int32Array, at: number, guids: Int32Array): number => {
  const a = w(words, at);
  const b = w(words, at + 1);
  const c = w(words, at + 2);
  const d = w(words, at + 3);
  let slot = guidSlot(a, d);
  for (;;) {
    const place = 5 * slot;
    const rights = w(guids, place + 4);
    if (rights === 0) return 0;
    if (w(guids, place) === a && w(guids, place + 1) === b && w(guids, place + 2) === c && w(guids, place + 3) === d)
      return rights;
    slot = (slot + 1) & (guidSlots - 1);
  }
};

/** Whether an inherited entry for the class at an index counts: a class that nobody knows cannot be told from it. */
const isFor = (words: Int32Array, at: number, classWords: Int32Array | null): boolean => {
  if (classWords === null) return true;
  const a = w(words, at);
  const b = w(words, at + 1);
  const c = w(words, at + 2);
  const d = w(words, at + 3);
  if ((a | b | c | d) === 0) return true;
  return a === classWords[0] && b === classWords[1] && c === classWords[2] && d === classWords[3];
};

/** Where a SID ends, in bytes; -1 where there is none. */
const endOfSid = (words: Int32Array, at: number, length: number): number => {
  if (at < headerSize || at + 8 > length) return -1;
  const head = w(words, at >> 2);
  const count = (head >>> 8) & 0xff;
  const end = at + 8 + 4 * count;
  return (head & 0xff) !== 1 || count > 15 || end > length ? -1 : end;
};

/** Reads of an Int32Array at places that were checked against the descriptor's length. */
const w = (words: Int32Array, index: number): number => words[index] as number;
