import { place, recordAt } from './trustees.ts';

/**
 * What each trustee of one descriptor may do, entry by entry in the list's order, as Windows walks it: what a deny took
 * away no later allow gives back, and what an allow gave no later deny takes away (MS-DTYP 2.5.3.2).
 *
 * A trustee alone does not tell a token: who has it may be in other groups too. So a deny counts
 * - for certain, where it is the trustee's own, or Everyone's or Authenticated Users' and the trustee is surely in them;
 * - maybe, where it is any other trustee's, has a condition, or could not be read.
 * Every set of rights below is bits of one `RightTable`.
 *
 * There is one tally, which holds one descriptor: nothing else runs while a descriptor is read, and to have one array
 * for the whole process makes reading faster (see `walk`).
 */
const rowStride = 8;
/** What holds for all trustees, then the rows. A list has 65,535 bytes at most, and an entry 16 at least. */
const rows = new Int32Array(rowStride * (1 + 4096)).fill(-1, 0, rowStride);

/**
 * What a row has, and first the sets of rights. `possible`: not surely denied; the next four are subsets of it, what is
 * left without what maybe denies, has conditions, both, is inherited.
 */
export const rowPlace = {
  ...{ possible: 0, undenied: 1, unconditional: 2, sure: 3, explicit: 4 },
  ...{ denied: 5, standing: 6, trustee: 7 },
} as const;
const { undenied, unconditional, sure, explicit, denied, standing, trustee } = rowPlace;

/** Where the next row begins, and the rights that all, all who are authenticated, and anyone are denied. */
const next = 0;
const everyone = 1;
const authenticated = 2;
const anyone = 3;

export const beginTally = (): void => {
  rows[next] = rowStride;
  rows[everyone] = 0;
  rows[authenticated] = 0;
  rows[anyone] = 0;
};

/** Where the first row begins, the one after another, and where the last one ends. */
export const firstRow = rowStride;
export const rowAfter = (row: number): number => (row + rowStride) | 0;
export const endOfRows = (): number => rows[next] as number;
export const inRow = (row: number, place: number): number => rows[(row + place) | 0] as number;

/**
 * Where the row of a trustee begins, whose record in the store begins at an index. The record says where a row of it was
 * last, maybe in another descriptor, and that row whether it still is.
 */
export const rowOf = (records: Int32Array, record: number): number => {
  const known = records[(record + recordRow) | 0] as number;
  const number = record >> 2;
  const row = rows[next] as number;
  if (known < row && rows[(known + trustee) | 0] === number) return known;
  rows[next] = (row + rowStride) | 0;
  records[(record + recordRow) | 0] = row;
  // Written out, because the array's own `fill` costs more than all of them.
  rows[row] = 0;
  rows[(row + undenied) | 0] = 0;
  rows[(row + unconditional) | 0] = 0;
  rows[(row + sure) | 0] = 0;
  rows[(row + explicit) | 0] = 0;
  rows[(row + denied) | 0] = 0;
  rows[(row + standing) | 0] = records[(record + recordPlace) | 0] as number;
  rows[(row + trustee) | 0] = number;
  return row;
};

export const allowIn = (row: number, rights: number, isInherited: boolean, hasCondition: boolean): void => {
  const where = rows[(row + standing) | 0] as number;
  let lost = rows[(row + denied) | 0] as number;
  if ((where & isInEveryone) !== 0) lost |= rows[everyone] as number;
  if ((where & isInAuthenticated) !== 0) lost |= rows[authenticated] as number;
  const got = rights & ~lost;
  if (got === 0) return;
  const free = got & ~(rows[anyone] as number);
  add(row, got);
  add((row + undenied) | 0, free);
  if (!hasCondition) {
    add((row + unconditional) | 0, got);
    add((row + sure) | 0, free);
  }
  if (!isInherited) add((row + explicit) | 0, got);
};

export const denyIn = (row: number, rights: number, hasCondition: boolean): void => {
  const where = rows[row + standing] as number;
  // Whoever is denied here and was allowed the same before keeps it.
  const lost = rights & ~(rows[row + sure] as number);
  if ((where & place.isAnonymous) === 0) add(anyone, lost);
  if (hasCondition) return;
  add(row + denied, lost);
  if ((where & place.isEveryone) !== 0) add(everyone, lost);
  if ((where & place.isAuthenticated) !== 0) add(authenticated, lost);
};

/** Something that may be a deny of these rights, of nobody knows whom. */
export const denyUnread = (rights: number): void => add(anyone, rights);

const add = (at: number, rights: number): void => {
  rows[at] = (rows[at] as number) | rights;
};

const { isInEveryone, isInAuthenticated } = place;
const { row: recordRow, place: recordPlace } = recordAt;
