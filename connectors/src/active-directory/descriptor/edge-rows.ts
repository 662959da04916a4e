import type { EdgeKind } from './edge-kinds.ts';
import type { RightTable } from './right-table.ts';
import { rulesOfRights, satisfied } from './rule-sets.ts';
import { endOfRows, firstRow, inRow, rowAfter, rowPlace } from './tally.ts';
import type { Trustees } from './trustees.ts';

/** The edges of one descriptor in numbers: a row for each trustee, sets of the table's rules as bits by their numbers. */
export interface EdgeRows {
  /** How many rows there are; what stands after them is left from before. */
  readonly count: number;
  /** `rowWords` numbers for each row, at the places of `rowAt`. */
  readonly words: Int32Array;
  /** False where there was no DACL, or something could not be read: what is not among the edges is unknown then. */
  readonly isComplete: boolean;
}

/**
 * The trustee's number, the rules that it satisfies, and those of them that it would not without inherited entries, that
 * are maybe denied, and that take a condition.
 */
export const rowAt = { trustee: 0, rules: 1, inherited: 2, maybeDenied: 3, conditional: 4 } as const;
export const rowWords = 5;

/** An edge without its evidence. */
export interface PlainEdge {
  readonly kind: EdgeKind;
  readonly childClass: string | null;
  readonly trustee: string;
  readonly isInherited: boolean;
  readonly isDenied: 'no' | 'maybe';
  readonly isConditional: boolean;
}

export const listRows = ({ count, words }: EdgeRows, table: RightTable, trustees: Trustees): readonly PlainEdge[] => {
  const edges: PlainEdge[] = [];
  for (let row = 0; row < count; row++) {
    const [trustee = 0, rules = 0, inherited = 0, maybeDenied = 0, conditional = 0] = words.subarray(row * rowWords);
    for (const [number, { kind, childClass }] of table.rules.entries()) {
      const bit = 1 << number;
      if ((rules & bit) === 0) continue;
      edges.push({
        ...{ kind, childClass, trustee: trustees.text(trustee), isInherited: (inherited & bit) !== 0 },
        ...{ isDenied: (maybeDenied & bit) !== 0 ? 'maybe' : 'no', isConditional: (conditional & bit) !== 0 },
      });
    }
  }
  return edges;
};

/** How many rows the tally can give. */
export const mostRows = (): number => endOfRows() / firstRow;

/** Writes the rows of the tally after so many others; answers how many there are then. */
export const writeRows = (words: Int32Array, after: number, table: RightTable): number => {
  const end = endOfRows();
  let at = (after * rowWords) | 0;
  for (let row = firstRow; row < end; row = rowAfter(row)) {
    const possible = inRow(row, 0);
    if (possible === 0) continue;
    const sure = inRow(row, sureAt);
    const explicit = inRow(row, explicitAt);
    const rules = rulesOfRights(table, possible, sure);
    if (rules === 0) continue;
    const isSure = possible === sure;
    words[at] = inRow(row, trusteeAt);
    words[(at + rulesAt) | 0] = rules;
    // Nearly always a trustee's rights are all explicit or all inherited, and nothing is maybe.
    words[(at + inheritedAt) | 0] =
      explicit === 0 ? rules : explicit === possible ? 0 : rules & ~satisfied(table, explicit);
    words[(at + maybeDeniedAt) | 0] = isSure ? 0 : rules & ~satisfied(table, inRow(row, undeniedAt));
    words[(at + conditionalAt) | 0] = isSure ? 0 : rules & ~satisfied(table, inRow(row, unconditionalAt));
    at = (at + rowWords) | 0;
  }
  return at / rowWords;
};

const { rules: rulesAt, inherited: inheritedAt, maybeDenied: maybeDeniedAt, conditional: conditionalAt } = rowAt;
const {
  undenied: undeniedAt,
  unconditional: unconditionalAt,
  sure: sureAt,
  explicit: explicitAt,
  trustee: trusteeAt,
} = rowPlace;
