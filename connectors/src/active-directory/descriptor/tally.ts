import { place } from './trustees.ts';

/**
 * What each trustee of one descriptor may do, entry by entry in the list's order, as Windows walks it: what a deny took
 * away no later allow gives back, and what an allow gave no later deny takes away (MS-DTYP 2.5.3.2).
 *
 * A trustee alone does not tell a token: who has it may be in other groups too. So a deny counts
 * - for certain, where it is the trustee's own, or Everyone's or Authenticated Users' and the trustee is surely in them;
 * - maybe, where it is any other trustee's, has a condition, or could not be read.
 * Every set of rights below is bits of one `RightTable`.
 */
export interface Tally {
  /** `rowStride` numbers for each trustee of the descriptor: sets of rights at the places of `rightsKind`, and what is below. */
  rows: Int32Array;
  /** The numbers of the trustees, in the order in which they came. */
  ids: Int32Array;
  /** Where a trustee's row was last; slots count on over all descriptors, so one below `state[first]` is an old one. */
  seen: Int32Array;
  readonly state: Int32Array;
}

/** `possible`: not surely denied. The others are subsets: what is left without what maybe denies, has conditions, is inherited. */
export const rightsKind = { possible: 0, undenied: 1, unconditional: 2, sure: 3, explicit: 4 } as const;
export type RightsKind = (typeof rightsKind)[keyof typeof rightsKind];

const rowStride = 8;
const denied = 5;
const standing = 6;
/** Places of the state: slots of earlier descriptors, slots of this one, and the rights that all, all who are authenticated, and anyone are denied. */
const first = 0;
const used = 1;
const everyone = 2;
const authenticated = 3;
const anyone = 4;

export const openTally = (): Tally => ({
  rows: new Int32Array(16 * rowStride),
  ids: new Int32Array(16),
  seen: new Int32Array(32).fill(-1),
  state: new Int32Array(5),
});

export const beginTally = ({ state, seen }: Tally): void => {
  state[first] = (state[first] ?? 0) + (state[used] ?? 0);
  state.fill(0, used);
  if ((state[first] ?? 0) < 0x3fff_ffff) return;
  seen.fill(-1);
  state[first] = 0;
};

/**
 * Makes room for so many more trustees, whose numbers are below a bound. The functions below take the arrays themselves,
 * which are the same until the next call of this one: inside a loop that saves the processor to look for them each time.
 */
export const reserveRows = (tally: Tally, more: number, below: number): void => {
  const most = (tally.state[used] ?? 0) + more;
  if (most > tally.ids.length) {
    tally.ids = grown(tally.ids, 2 * most, 0);
    tally.rows = grown(tally.rows, 2 * most * rowStride, 0);
  }
  if (below > tally.seen.length) tally.seen = grown(tally.seen, 2 * below, -1);
};

/** Where the row of a trustee begins, which stands at a place (see `place`). */
export const rowOf = (
  rows: Int32Array,
  ids: Int32Array,
  seen: Int32Array,
  state: Int32Array,
  trustee: number,
  where: number,
): number => {
  const known = (seen[trustee] as number) - (state[first] as number);
  if (known >= 0) return rowStride * known;
  const slot = state[used] as number;
  state[used] = slot + 1;
  seen[trustee] = (state[first] as number) + slot;
  ids[slot] = trustee;
  // Written out, because the array's own `fill` costs more than all of them.
  const row = rowStride * slot;
  rows[row] = 0;
  rows[row + 1] = 0;
  rows[row + 2] = 0;
  rows[row + 3] = 0;
  rows[row + 4] = 0;
  rows[row + denied] = 0;
  rows[row + standing] = where;
  return row;
};

export const allowIn = (
  rows: Int32Array,
  state: Int32Array,
  row: number,
  rights: number,
  isInherited: boolean,
  hasCondition: boolean,
): void => {
  const where = rows[row + standing] as number;
  let lost = rows[row + denied] as number;
  if ((where & place.isInEveryone) !== 0) lost |= state[everyone] as number;
  if ((where & place.isInAuthenticated) !== 0) lost |= state[authenticated] as number;
  const got = rights & ~lost;
  if (got === 0) return;
  const undenied = got & ~(state[anyone] as number);
  rows[row] = (rows[row] as number) | got;
  rows[row + rightsKind.undenied] = (rows[row + rightsKind.undenied] as number) | undenied;
  if (!hasCondition) {
    rows[row + rightsKind.unconditional] = (rows[row + rightsKind.unconditional] as number) | got;
    rows[row + rightsKind.sure] = (rows[row + rightsKind.sure] as number) | undenied;
  }
  if (!isInherited) rows[row + rightsKind.explicit] = (rows[row + rightsKind.explicit] as number) | got;
};

export const denyIn = (
  rows: Int32Array,
  state: Int32Array,
  row: number,
  rights: number,
  hasCondition: boolean,
): void => {
  const where = rows[row + standing] as number;
  // Whoever is denied here and was allowed the same before keeps it.
  const lost = rights & ~(rows[row + rightsKind.sure] as number);
  if ((where & place.isAnonymous) === 0) state[anyone] = (state[anyone] as number) | lost;
  if (hasCondition) return;
  rows[row + denied] = (rows[row + denied] as number) | lost;
  if ((where & place.isEveryone) !== 0) state[everyone] = (state[everyone] as number) | lost;
  if ((where & place.isAuthenticated) !== 0) state[authenticated] = (state[authenticated] as number) | lost;
};

/** Something that may be a deny of these rights, of nobody knows whom. */
export const denyUnread = ({ state }: Tally, rights: number): void => {
  state[anyone] = (state[anyone] ?? 0) | rights;
};

/** How many trustees the descriptor has, and what each may do. */
export const trusteesIn = ({ state }: Tally): number => state[used] ?? 0;
export const trusteeAt = ({ ids }: Tally, slot: number): number => ids[slot] ?? 0;
export const rightsAt = ({ rows }: Tally, slot: number, which: RightsKind): number =>
  rows[rowStride * slot + which] ?? 0;

const grown = (from: Int32Array, length: number, filler: number): Int32Array => {
  const to = new Int32Array(length).fill(filler, from.length);
  to.set(from);
  return to;
};
