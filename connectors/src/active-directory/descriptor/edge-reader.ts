import { type Descriptor, parseDescriptor } from './descriptor.ts';
import { ownsRule, type RightTable } from './right-table.ts';
import { rulesOfRights, standingOf } from './rule-sets.ts';
import { openTally, rightsKind } from './tally.ts';
import { openTrustees, type Trustees } from './trustees.ts';
import { oddity, openWalk } from './walk.ts';
import { standingBit, weigh } from './weigh.ts';

/**
 * Reads descriptors straight to edges, for a whole directory: no text and no object per entry, SIDs and GUIDs as
 * numbers. The edges are the same as those of `toEdges`, without their evidence. A descriptor that is damaged, or odd
 * in a way that real ones are not, goes through `parseDescriptor`; so there is one place that deals with damage.
 */
export interface EdgeReader {
  /** The edges of one descriptor on an object of the table's class. The rows are overwritten by the next call. */
  read(bytes: Uint8Array, table: RightTable): EdgeRows;
  /** The numbers of the rows' trustees, for all descriptors of this reader. */
  readonly trustees: Trustees;
}

export interface EdgeRows {
  /** How many rows there are; what stands after them is left from before. */
  readonly count: number;
  readonly trustees: Int32Array;
  /** Indexes into the table's `rules`. */
  readonly rules: Uint8Array;
  /** Bits of `standingBit`; `toStanding` reads them. */
  readonly standings: Uint8Array;
  /** False where there was no DACL, or something could not be read: what is not among the edges is unknown then. */
  readonly isComplete: boolean;
}

export const openEdgeReader = (): EdgeReader => {
  const sids = openTrustees();
  const tally = openTally(sids);
  const walk = openWalk(sids, tally);
  const rows = {
    count: 0,
    trustees: new Int32Array(256),
    rules: new Uint8Array(256),
    standings: new Uint8Array(256),
    isComplete: true,
  };
  /** The descriptor is copied here: aligned words are read several times faster than bytes, and nothing else can be reached. */
  const scratch = new Uint8Array(scratchSize);
  const words = new Int32Array(scratch.buffer);

  const read = (bytes: Uint8Array, table: RightTable): EdgeRows => {
    rows.count = 0;
    rows.isComplete = true;
    tally.begin();
    let owner = oddity;
    if (bytes.length <= scratchSize) {
      scratch.set(bytes);
      owner = walk(words, bytes.length, table);
    }
    if (owner >= 0 && table.hasOwner) push(owner, ownsRule, 0);
    else if (owner === oddity) readSlowly(bytes, table);
    emit(table);
    return rows;
  };

  const readSlowly = (bytes: Uint8Array, table: RightTable): void => {
    tally.begin();
    const descriptor = parseDescriptor(bytes);
    const ownership = weigh(descriptor, table, sids, tally);
    rows.isComplete = isComplete(descriptor);
    if (ownership === 'none' || descriptor.owner === null || !table.hasOwner) return;
    push(sids.ofText(descriptor.owner), ownsRule, ownership === 'maybe' ? standingBit.isMaybeDenied : 0);
  };

  const push = (trustee: number, rule: number, standing: number): void => {
    const { count } = rows;
    if (count === rows.trustees.length) {
      rows.trustees = twice(rows.trustees, new Int32Array(2 * count));
      rows.rules = twice(rows.rules, new Uint8Array(2 * count));
      rows.standings = twice(rows.standings, new Uint8Array(2 * count));
    }
    rows.trustees[count] = trustee;
    rows.rules[count] = rule;
    rows.standings[count] = standing;
    rows.count = count + 1;
  };

  const emit = (table: RightTable): void => {
    const count = tally.trustees();
    for (let slot = 0; slot < count; slot++) {
      const possible = tally.rightsAt(slot, rightsKind.possible);
      if (possible === 0) continue;
      const explicit = tally.rightsAt(slot, rightsKind.explicit);
      const sure = tally.rightsAt(slot, rightsKind.sure);
      const rules = rulesOfRights(table, possible, sure);
      const trustee = tally.trusteeAt(slot);
      // Nearly always nothing is maybe, and a trustee's rights are all explicit or all inherited.
      const isPlain = possible === sure && (explicit === possible || explicit === 0);
      const plain = explicit === 0 ? standingBit.isInherited : 0;
      for (let index = 0; index < rules.length; index++) {
        const rule = rules[index] as number; // Below the length.
        push(trustee, rule, isPlain ? plain : standingOf(table, rule, slot, tally));
      }
    }
  };

  return { read, trustees: sids };
};

/** Sizes are 16 bits, so an owner, a group and two lists of the largest size fit. */
const scratchSize = 0x2_1000;

const twice = <T extends Int32Array | Uint8Array>(from: T, to: T): T => {
  to.set(from);
  return to;
};

/** False where what is not among the edges is unknown. */
export const isComplete = ({ faults, dacl }: Descriptor): boolean => {
  if (faults.length > 0 || dacl.state === 'absent') return false;
  return dacl.state === 'null' || dacl.entries.every(({ type }) => type !== 'unknown');
};
