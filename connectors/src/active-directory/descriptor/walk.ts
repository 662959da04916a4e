import { controlFlags, headerSize } from './descriptor.ts';
import { entryFlag } from './entry.ts';
import { coveredAt } from './guid-words.ts';
import { rightsOfMask } from './mask-rights.ts';
import { findRecent } from './prefixes.ts';
import type { RightTable } from './right-table.ts';
import { allowIn, denyIn, rowOf } from './tally.ts';
import { findTrustee, place, recordAt, type Trustees } from './trustees.ts';

/** The walk met something that sound descriptors do not have, or only rarely: the parser deals with it. */
export const oddity = -2;
/** There is no owner, or OWNER RIGHTS says what it gets. */
export const nobody = -1;

/**
 * Puts a descriptor into the tally. Answers the trustee number of an owner who owns by nature, or `nobody`, or `oddity`,
 * after which the tally holds an unknown part of the descriptor.
 *
 * Everything that `parseDescriptor` calls a fault is an oddity here, and so are a SACL, a DACL that is null or absent
 * and entries with conditions, so that the two ways agree on all input; a test holds them to it.
 *
 * This runs for every entry of a directory: no objects or iterators below, sums end in `| 0` so that nobody checks them
 * for overflow, and each loop is a function that calls nothing large. What is read and written most has a place of its
 * own for the whole process, whose address the compiler writes into the code; that alone saves an eighth of the time.
 */
export const walk = (bytes: Uint8Array, table: RightTable, sids: Trustees): number => {
  const { length } = bytes;
  if (length < headerSize || length > mostBytes) return oddity;
  copied.set(bytes);
  const head = w(0);
  const ownerAt = w(1);
  const groupAt = w(2);
  const daclAt = w(4);
  if ((head & 0xff) !== 1 || ((head >>> 16) & asked) !== usual) return oddity;
  if (((ownerAt | groupAt | daclAt) & 3) !== 0 || daclAt < headerSize || daclAt + 8 > length) return oddity;
  const ownerEnd = ownerAt === 0 ? 0 : endOfSid(ownerAt, length);
  const groupEnd = groupAt === 0 ? 0 : endOfSid(groupAt, length);
  const list = w(daclAt >> 2);
  const daclEnd = daclAt + (list >>> 16);
  const revision = list & 0xff;
  if (ownerEnd < 0 || groupEnd < 0 || (revision !== 2 && revision !== 4)) return oddity;
  if (daclEnd > length || daclEnd < daclAt + 8) return oddity;
  if (ownerAt < daclEnd && daclAt < ownerEnd) return oddity;
  if (groupAt < daclEnd && daclAt < groupEnd) return oddity;
  if (ownerAt < groupEnd && groupAt < ownerEnd) return oddity;
  const count = findEntries(daclAt >> 2, daclEnd >> 2, table);
  if (count < 0) return oddity;
  nameTrustees(ownerAt === 0 ? count : addOwner(count, ownerAt >> 2), sids);
  const owner = ownerAt === 0 ? nobody : trusteeOf(count);
  const hasOwnerRights = tallyEntries(count, owner, sids.store.records);
  return hasOwnerRights ? nobody : owner;
};

/** Where a SID ends, in bytes; -1 where there is none. */
const endOfSid = (at: number, length: number): number => {
  if (at < headerSize || at + 8 > length) return -1;
  const head = w(at >> 2);
  const count = (head >>> 8) & 0xff;
  const end = at + 8 + 4 * count;
  return (head & 0xff) !== 1 || count > 15 || end > length ? -1 : end;
};

/** Finds the entries of the list at an index that give or take rights, or speak of the owner; answers how many, or `oddity`. */
const findEntries = (list: number, end: number, table: RightTable): number => {
  const { byMask, guidWords, classWords } = table;
  let at = list + 2;
  let kept = 0;
  for (let left = w(list + 1) & 0xffff; left > 0; left--) {
    const head = w(at);
    const type = head & 0xff;
    const isObject = type >>> 2;
    const present = w((at + 2) | 0) & -isObject;
    const guids = (present & 1) + ((present >>> 1) & 1);
    const sidAt = (at + 2 + isObject + 4 * guids) | 0;
    const sidHead = w(sidAt);
    const sidEnd = (sidAt + 2 + ((sidHead >>> 8) & 0xff)) | 0;
    const next = (at + (head >>> 18)) | 0;
    const wrong = ((head >>> 16) & 3) | (present & ~3) | ((sidHead & 0xff) ^ 1) | (sidHead & 0xf000);
    if (wrong !== 0 || sidEnd > next || next > end) return oddity;
    if (type > 6 || ((knownTypes >>> type) & 1) === 0) return oddity;
    const entry = at;
    at = next;
    if ((head & inheritOnly) !== 0) continue;
    const isDeny = (type ^ isObject) & 1;
    let rights = rightsOfMask(byMask, w((entry + 1) | 0), isDeny);
    const isOfOwners = w((sidAt + 1) | 0) === creatorAuthority ? 1 : 0;
    // Most entries of a directory only let people read.
    if ((rights | isOfOwners) === 0) continue;
    const isInherited = head & inherited;
    if (isInherited !== 0 && present > 1 && !isFor((sidAt - 4) | 0, classWords)) continue;
    if ((present & 1) !== 0) {
      rights &= coveredAt(guidWords, words, (entry + 3) | 0);
      if ((rights | isOfOwners) === 0) continue;
    }
    found[kept] = rights;
    found[(kept + 1) | 0] = sidAt;
    found[(kept + 2) | 0] = isDeny | (isInherited === 0 ? 0 : isFromParent);
    kept = (kept + stride) | 0;
  }
  return kept / stride;
};

/** Adds the owner, whose SID stands at an index, after the entries; answers how many there are then. */
const addOwner = (count: number, sidAt: number): number => {
  found[count * stride + 1] = sidAt;
  return count + 1;
};

/** Finds the numbers of the trustees. */
const nameTrustees = (count: number, sids: Trustees): void => {
  const { slots, records } = sids.store;
  const { words: known, recent } = sids.store.prefixes;
  const end = (count * stride) | 0;
  let isNew = 0;
  for (let from = 0; from < end; from = (from + stride) | 0) {
    const at = found[(from + 1) | 0] as number;
    const length = 1 + ((w(at) >>> 8) & 0xff);
    const prefix = findRecent(known, recent, words, at, length);
    const trustee = prefix === -1 ? -1 : findTrustee(slots, records, prefix, w((at + length) | 0));
    found[(from + 3) | 0] = trustee;
    isNew |= trustee;
  }
  if (isNew < 0) nameNew(end, sids);
};

const trusteeOf = (index: number): number => found[index * stride + 3] as number;

const nameNew = (end: number, sids: Trustees): void => {
  for (let from = 0; from < end; from += stride) {
    const at = found[from + 1] as number;
    if (found[from + 3] === -1) found[from + 3] = sids.ofWords(words, at, 2 + ((w(at) >>> 8) & 0xff));
  }
};

/** Puts the entries into the tally; answers whether OWNER RIGHTS was among them. */
const tallyEntries = (count: number, owner: number, records: Int32Array): boolean => {
  let hasOwnerRights = false;
  const end = (count * stride) | 0;
  for (let from = 0; from < end; from = (from + stride) | 0) {
    const rights = found[from] as number;
    const kind = found[(from + 2) | 0] as number;
    let record = (found[(from + 3) | 0] as number) << 2;
    const standing = records[(record + recordPlace) | 0] as number; // Every trustee has a place.
    if ((standing & special) !== 0) {
      if ((standing & isCreator) !== 0) continue;
      hasOwnerRights = true;
      if (owner < 0) continue;
      record = owner << 2;
    }
    if (rights === 0) continue;
    const row = rowOf(records, record);
    if ((kind & isDenying) === 0) allowIn(row, rights, (kind & isFromParent) !== 0, false);
    else denyIn(row, rights, false);
  }
  return hasOwnerRights;
};

/** Whether an inherited entry for the class at an index counts: a class that nobody knows cannot be told from it. */
const isFor = (at: number, classWords: Int32Array | null): boolean => {
  if (classWords === null) return true;
  const a = w(at);
  const b = w((at + 1) | 0);
  const c = w((at + 2) | 0);
  const d = w((at + 3) | 0);
  if ((a | b | c | d) === 0) return true;
  return a === classWords[0] && b === classWords[1] && c === classWords[2] && d === classWords[3];
};

/** Sizes are 16 bits, so an owner, a group and two lists of the largest size fit. */
const mostBytes = 0x2_1000;
/**
 * The descriptor: aligned words are read several times faster than bytes, and nothing else can be reached. What stands
 * after it is left from others; some of it may be looked at, up to 75 words of what may be an entry, and never counts.
 */
const copied = new Uint8Array(mostBytes + 512);
const words = new Int32Array(copied.buffer);
/**
 * What was found in the list, `stride` numbers for each entry: its rights, where its SID stands, its kind, and the number
 * of its trustee. A list has 65,535 bytes at most and an entry 16 at least; the owner comes after them.
 */
const found = new Int32Array(4 * 4097);
const stride = 4;
/** Bits of a kind. */
const isDenying = 1;
const isFromParent = 2;

/** Self-relative, with a DACL and without a SACL. */
const usual = controlFlags.SR | controlFlags.DP;
const asked = usual | controlFlags.SP;

/** Reads of an Int32Array at places that were checked against the list's end. */
const w = (index: number): number => words[index] as number;

/** To allow and to deny (0 and 1), and the same with object types (5 and 6), as bits. */
const knownTypes = 0b110_0011;
/** Flags where they stand in an entry's first word. */
const inheritOnly = entryFlag.inheritOnly << 8;
const inherited = entryFlag.inherited << 8;
/** The identifier authority 3 as a little-endian word. */
const creatorAuthority = 0x0300_0000;
const { isCreator } = place;
const recordPlace = recordAt.place;
const special = place.isCreator | place.isOwnerRights;
