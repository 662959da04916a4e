import { sidLength, sidText } from '../sid.ts';
import { type AccessEntry, parseEntry, sidFault } from './entry.ts';
import { type FaultList, openFaultList } from './fault-list.ts';

/**
 * A security descriptor as its bytes say it (MS-DTYP 2.4.6, self-relative). Nothing is resolved or weighed here:
 * `toEdges` does that.
 */
export interface Descriptor {
  readonly revision: number;
  /** The control flags that are set, and all sixteen bits of them. */
  readonly control: readonly ControlFlag[];
  readonly controlBits: number;
  /** SIDs in text; null where there is none, or none that can be read. */
  readonly owner: string | null;
  readonly group: string | null;
  readonly dacl: AccessList;
  readonly sacl: AccessList;
  /** What is wrong and at which offset, in plain words; empty for a sound descriptor. */
  readonly faults: readonly string[];
}

/**
 * Three things that must not be mixed up: `absent` is a list that was not read or not given, `null` one that is
 * expressly not there (as a DACL: everyone may do everything), and a list without entries allows nobody anything.
 */
export type AccessList =
  | { readonly state: 'absent' }
  | { readonly state: 'null' }
  | {
      readonly state: 'present';
      /** 2, or 4 where object entries are allowed. */
      readonly revision: number;
      readonly entries: readonly AccessEntry[];
      /** False where entries are missing because they could not be read. */
      readonly isWhole: boolean;
    };

export type ControlFlag = keyof typeof controlFlags;

/** By the two letters of MS-DTYP 2.4.6. */
export const controlFlags = {
  OD: 0x0001,
  GD: 0x0002,
  DP: 0x0004,
  DD: 0x0008,
  SP: 0x0010,
  SD: 0x0020,
  SS: 0x0040,
  DT: 0x0080,
  DC: 0x0100,
  SC: 0x0200,
  DI: 0x0400,
  SI: 0x0800,
  PD: 0x1000,
  PS: 0x2000,
  RM: 0x4000,
  SR: 0x8000,
} as const;

/** Never throws and never reads outside the bytes: what can be read is kept, and the rest is named in `faults`. */
export const parseDescriptor = (bytes: Uint8Array): Descriptor => {
  const faults = openFaultList();
  if (bytes.length < headerSize) {
    faults.add(`the header is cut off: ${headerSize} bytes are needed and ${bytes.length} are there`);
    const none = { state: 'absent' } as const;
    return {
      ...{ revision: bytes[0] ?? 0, control: [], controlBits: 0, owner: null, group: null, dacl: none, sacl: none },
      faults: faults.list,
    };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const revision = view.getUint8(0);
  if (revision !== 1) faults.add(`the revision at offset 0 is ${revision} instead of 1`);
  const controlBits = view.getUint16(2, true);
  const control = flagNames.filter((flag) => (controlBits & controlFlags[flag]) !== 0);
  if ((controlBits & controlFlags.SR) === 0)
    faults.add('the control flags at offset 2 say that it is not self-relative');
  const parts = { bytes, view, faults, taken: [] };
  const owner = readSid(parts, 'owner', view.getUint32(4, true));
  const group = readSid(parts, 'group', view.getUint32(8, true));
  const sacl = readList(parts, 'SACL', (controlBits & controlFlags.SP) !== 0, view.getUint32(12, true));
  const dacl = readList(parts, 'DACL', (controlBits & controlFlags.DP) !== 0, view.getUint32(16, true));
  sayOverlaps(parts);
  return { revision, control, controlBits, owner, group, dacl, sacl, faults: faults.list };
};

export const headerSize = 20;

interface Parts {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly faults: FaultList;
  /** The stretches of bytes that were read, to find two that overlap. */
  readonly taken: { name: string; from: number; to: number }[];
}

const readSid = ({ bytes, faults, taken }: Parts, name: string, offset: number): string | null => {
  if (offset === 0) return null;
  const isInside = isOffset(bytes, offset, name, faults);
  const length = isInside ? sidLength(bytes, offset) : null;
  if (isInside && length === null) faults.add(`${sidFault(bytes, offset)}: the ${name} at offset ${offset}`);
  if (length === null) return null;
  taken.push({ name, from: offset, to: offset + length });
  return sidText(bytes, offset);
};

const readList = (parts: Parts, name: string, isPresent: boolean, offset: number): AccessList => {
  const { bytes, view, faults, taken } = parts;
  if (!isPresent) return { state: 'absent' };
  if (offset === 0) return { state: 'null' };
  const unread = { state: 'present', revision: 0, entries: [], isWhole: false } as const;
  if (!isOffset(bytes, offset, name, faults)) return unread;
  if (offset + 8 > bytes.length) {
    faults.add(`the ${name} at offset ${offset} ends before its header does`);
    return unread;
  }
  const revision = view.getUint8(offset);
  if (revision !== 2 && revision !== 4)
    faults.add(`the revision of the ${name} at offset ${offset} is ${revision} instead of 2 or 4`);
  const size = view.getUint16(offset + 2, true);
  const count = view.getUint16(offset + 4, true);
  const end = Math.min(offset + size, bytes.length);
  if (offset + size > bytes.length)
    faults.add(`the ${name} at offset ${offset} says ${size} bytes, ${bytes.length - offset} are there`);
  if (size < 8) faults.add(`the ${name} at offset ${offset} says ${size} bytes, which is less than its header`);
  taken.push({ name, from: offset, to: Math.max(end, offset + 8) });
  const entries = readEntries(parts, name, offset + 8, end, count);
  return { state: 'present', revision, entries, isWhole: entries.length === count };
};

/** Each entry takes four bytes or more, so this ends however large the count is. */
const readEntries = (parts: Parts, name: string, from: number, end: number, count: number): AccessEntry[] => {
  const { bytes, view, faults } = parts;
  const entries: AccessEntry[] = [];
  let at = from;
  while (entries.length < count) {
    const which = `entry ${entries.length + 1} of ${count} of the ${name} at offset ${at}`;
    if (at + 4 > end) {
      faults.add(`${which} is missing: the list ends at offset ${end}`);
      break;
    }
    const size = view.getUint16(at + 2, true);
    if (size < 4) {
      faults.add(`${which} says ${size} bytes, 4 are the least`);
      break;
    }
    if (at + size > end) {
      faults.add(`${which} says ${size} bytes, ${end - at} are left in the list`);
      break;
    }
    if (size % 4 !== 0) faults.add(`${which} says ${size} bytes, which is no multiple of 4`);
    entries.push(parseEntry(bytes, at, size, faults));
    at += size;
  }
  return entries;
};

const isOffset = (bytes: Uint8Array, offset: number, name: string, faults: FaultList): boolean => {
  if (offset < headerSize) faults.add(`the ${name} would begin at offset ${offset}, inside the header`);
  else if (offset >= bytes.length)
    faults.add(`the ${name} would begin at offset ${offset}, after the end at ${bytes.length}`);
  return offset >= headerSize && offset < bytes.length;
};

/** Owner and group may be one and the same SID; any other overlap means that an offset or a size is wrong. */
const sayOverlaps = ({ taken, faults }: Parts): void => {
  const inOrder = taken.toSorted((a, b) => a.from - b.from || a.to - b.to);
  for (const [index, later] of inOrder.entries()) {
    const earlier = inOrder[index - 1];
    if (earlier === undefined || later.from >= earlier.to) continue;
    const isShared = later.from === earlier.from && later.to === earlier.to;
    if (!isShared) faults.add(`the ${later.name} at offset ${later.from} overlaps the ${earlier.name}`);
  }
};

// Object.keys widens the keys of a constant to text.
const flagNames = Object.keys(controlFlags) as ControlFlag[];
