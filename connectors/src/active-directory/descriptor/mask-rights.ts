import { withoutGeneric } from './access-mask.ts';

/**
 * The rights of every access mask in 512 numbers, which stay in the processor's nearest memory where a table by mask
 * would not. Fourteen bits of a mask matter, and its halves of seven bits are looked up apart: an allow gives a right
 * that no half lacks a bit of, and a deny leaves a right that no half has a bit of.
 */
export type MaskRights = Int32Array;

/** What a mask does to the right of each bit: `given` takes all of its bits, `taken` any. */
export const toMaskRights = (rights: readonly { readonly given: number; readonly taken: number }[]): MaskRights => {
  const table = new Int32Array(2 * denied);
  const all = toBits(rights.map(() => true));
  for (let half = 0; half < halves; half++) {
    const lowLacks = rights.map(({ given }) => (given & lowMask(0x7f) & ~lowMask(half)) !== 0);
    const highLacks = rights.map(({ given }) => (given & highMask(0x7f) & ~highMask(half)) !== 0);
    table[half] = ~toBits(lowLacks) & all;
    table[halves + half] = ~toBits(highLacks) & all;
    table[denied + half] = ~toBits(rights.map(({ taken }) => (taken & lowMask(half)) !== 0));
    table[denied + halves + half] = ~toBits(rights.map(({ taken }) => (taken & highMask(half)) !== 0));
  }
  return table;
};

const toBits = (flags: readonly boolean[]): number =>
  flags.reduce((bits, isSet, place) => (isSet ? bits | (1 << place) : bits), 0);

/** The rights that an entry with a mask allows, or, where `isDeny` is 1 and not 0, denies. */
export const rightsOfMask = (table: MaskRights, mask: number, isDeny: number): number => {
  const plain = mask | (genericMeaning[mask >>> 28] as number);
  const low = isDeny * denied + (plain & 0x7f);
  const high = isDeny * denied + halves + (((plain >>> 7) & 0x7) | ((plain >>> 13) & 0x78));
  return ((table[low] as number) & (table[high] as number)) ^ -isDeny;
};

/** The masks of a half's seven bits: the low ones, and three more with the four standard rights. */
const lowMask = (half: number): number => half;
const highMask = (half: number): number => ((half & 0x7) << 7) | ((half & 0x78) << 13);

const halves = 128;
/** Where the half of the table for denies begins. */
const denied = 256;
/** What the four generic rights of a mask add to it, by those four bits. */
const genericMeaning = Int32Array.from({ length: 16 }, (_, bits) => withoutGeneric(bits << 28));
