import { type Descriptor, parseDescriptor } from './descriptor.ts';
import { type EdgeRows, mostRows, rowAt, rowWords, writeRows } from './edge-rows.ts';
import { ownsRule, type RightTable } from './right-table.ts';
import { beginTally } from './tally.ts';
import { openTrustees, type Trustees } from './trustees.ts';
import { oddity, walk } from './walk.ts';
import { weigh } from './weigh.ts';

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

export const openEdgeReader = (): EdgeReader => {
  const sids = openTrustees();
  const rows = { count: 0, words: new Int32Array(64 * rowWords), isComplete: true };
  const read = (bytes: Uint8Array, table: RightTable): EdgeRows => {
    rows.count = 0;
    rows.isComplete = true;
    beginTally();
    const owner = walk(bytes, table, sids);
    if (owner >= 0 && table.hasOwner) writeOwner(owner, 0);
    else if (owner === oddity) readSlowly(bytes, table);
    emit(table);
    return rows;
  };

  const readSlowly = (bytes: Uint8Array, table: RightTable): void => {
    beginTally();
    const descriptor = parseDescriptor(bytes);
    const ownership = weigh(descriptor, table, sids);
    rows.isComplete = isComplete(descriptor);
    if (ownership === 'none' || descriptor.owner === null || !table.hasOwner) return;
    writeOwner(sids.ofText(descriptor.owner), ownership === 'maybe' ? 1 << ownsRule : 0);
  };

  const writeOwner = (owner: number, maybeDenied: number): void => {
    const { words } = rows;
    words[rowAt.trustee] = owner;
    words[rowAt.rules] = 1 << ownsRule;
    words[rowAt.inherited] = 0;
    words[rowAt.maybeDenied] = maybeDenied;
    words[rowAt.conditional] = 0;
    rows.count = 1;
  };

  const emit = (table: RightTable): void => {
    const most = (mostRows() + 1) * rowWords;
    if (most > rows.words.length) rows.words = grown(rows.words, 2 * most);
    rows.count = writeRows(rows.words, rows.count, table);
  };

  return { read, trustees: sids };
};

const grown = (from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> => {
  const to = new Int32Array(length);
  to.set(from);
  return to;
};

/** False where what is not among the edges is unknown. */
export const isComplete = ({ faults, dacl }: Descriptor): boolean => {
  if (faults.length > 0 || dacl.state === 'absent') return false;
  return dacl.state === 'null' || dacl.entries.every(({ type }) => type !== 'unknown');
};
