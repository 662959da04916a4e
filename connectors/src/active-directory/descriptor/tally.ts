import { place, type Trustees } from './trustees.ts';

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
  begin(): void;
  allow(trustee: number, rights: number, isInherited: boolean, hasCondition: boolean): void;
  deny(trustee: number, rights: number, hasCondition: boolean): void;
  /** Something that may be a deny of these rights, of nobody knows whom. */
  denyUnread(rights: number): void;
  readonly trustees: () => number;
  trusteeAt(slot: number): number;
  rightsAt(slot: number, which: RightsKind): number;
}

/** `possible`: not surely denied. The others are subsets: what is left without what maybe denies, has conditions, is inherited. */
export const rightsKind = { possible: 0, undenied: 1, unconditional: 2, sure: 3, explicit: 4 } as const;
export type RightsKind = (typeof rightsKind)[keyof typeof rightsKind];

const denied = 5;
const standingAt = 6;
const stride = 8;

export const openTally = (sids: Trustees): Tally => {
  let seen = new Int32Array(32).fill(-1);
  let rows = new Int32Array(stride * 16);
  let ids = new Int32Array(16);
  /** Slots of all descriptors so far count on, so that a trustee's slot is old where it is below the first of this one. */
  let first = 0;
  let used = 0;
  let everyone = 0;
  let authenticated = 0;
  let anyone = 0;

  const slotOf = (trustee: number): number => {
    if (trustee >= seen.length) seen = larger(seen, trustee);
    const known = (seen[trustee] as number) - first; // Within the array: it was made large enough.
    if (known >= 0) return known;
    seen[trustee] = first + used;
    if (used === ids.length) {
      ids = doubled(ids);
      rows = doubled(rows);
    }
    ids[used] = trustee;
    // Written out, because the array's own `fill` costs more than all of them.
    const at = stride * used;
    rows[at] = 0;
    rows[at + 1] = 0;
    rows[at + 2] = 0;
    rows[at + 3] = 0;
    rows[at + 4] = 0;
    rows[at + denied] = 0;
    rows[at + standingAt] = sids.places()[trustee] as number; // Every trustee has a place.
    return used++;
  };

  return {
    begin() {
      first += used;
      used = 0;
      everyone = 0;
      authenticated = 0;
      anyone = 0;
      if (first > 0x3fff_ffff) {
        seen.fill(-1);
        first = 0;
      }
    },
    allow(trustee, rights, isInherited, hasCondition) {
      const at = stride * slotOf(trustee);
      const standing = rows[at + standingAt] as number; // A slot's rows are there.
      let lost = rows[at + denied] as number;
      if ((standing & place.isInEveryone) !== 0) lost |= everyone;
      if ((standing & place.isInAuthenticated) !== 0) lost |= authenticated;
      const got = rights & ~lost;
      if (got === 0) return;
      const undenied = got & ~anyone;
      rows[at] = (rows[at] as number) | got;
      rows[at + rightsKind.undenied] = (rows[at + rightsKind.undenied] as number) | undenied;
      if (!hasCondition) {
        rows[at + rightsKind.unconditional] = (rows[at + rightsKind.unconditional] as number) | got;
        rows[at + rightsKind.sure] = (rows[at + rightsKind.sure] as number) | undenied;
      }
      if (!isInherited) rows[at + rightsKind.explicit] = (rows[at + rightsKind.explicit] as number) | got;
    },
    deny(trustee, rights, hasCondition) {
      const at = stride * slotOf(trustee);
      const standing = rows[at + standingAt] as number; // A slot's rows are there.
      // Whoever is denied here and was allowed the same before keeps it.
      const lost = rights & ~(rows[at + rightsKind.sure] as number);
      if ((standing & place.isAnonymous) === 0) anyone |= lost;
      if (hasCondition) return;
      rows[at + denied] = (rows[at + denied] as number) | lost;
      if ((standing & place.isEveryone) !== 0) everyone |= lost;
      if ((standing & place.isAuthenticated) !== 0) authenticated |= lost;
    },
    denyUnread(rights) {
      anyone |= rights;
    },
    trustees: () => used,
    trusteeAt: (slot) => ids[slot] ?? 0,
    rightsAt: (slot, which) => rows[stride * slot + which] ?? 0,
  };
};

const larger = (from: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> => {
  const to = new Int32Array(2 ** Math.ceil(Math.log2(index + 2))).fill(-1);
  to.set(from);
  return to;
};

const doubled = (from: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
};
