import { guidText } from '../guid.ts';
import { sidLength, sidText } from '../sid.ts';
import type { FaultList } from './fault-list.ts';

/** What an entry does. The numbers and layouts are those of MS-DTYP 2.4.4; the object forms carry GUIDs. */
export type AccessEntryType =
  | 'allow'
  | 'deny'
  | 'audit'
  | 'alarm'
  | 'allowObject'
  | 'denyObject'
  | 'auditObject'
  | 'alarmObject'
  | 'allowCallback'
  | 'denyCallback'
  | 'allowCallbackObject'
  | 'denyCallbackObject'
  | 'auditCallback'
  | 'alarmCallback'
  | 'auditCallbackObject'
  | 'alarmCallbackObject'
  | 'mandatoryLabel'
  | 'resourceAttribute'
  | 'scopedPolicyId'
  | 'unknown';

/** One entry of an access list. What could not be read is null, and a fault of the descriptor says why. */
export interface AccessEntry {
  readonly type: AccessEntryType;
  /** As it stands in the bytes; all there is to say of an unknown type. */
  readonly typeNumber: number;
  readonly flags: AccessEntryFlags;
  /** The byte of flags, with the bits that have no name here (audit of success and failure). */
  readonly flagBits: number;
  /** Null for a type whose layout is not known, and where the entry ends before its mask. */
  readonly mask: number | null;
  /** The SID in text. */
  readonly trustee: string | null;
  /** A GUID in text: a class, an attribute, a property set, an extended right or a validated write. Null means all. */
  readonly objectType: string | null;
  /** The class whose objects inherit the entry. Null means all. */
  readonly inheritedObjectType: string | null;
  /**
   * What follows the trustee: the condition of a callback entry, or the whole body of a type that is not known. A view
   * of the descriptor's bytes.
   */
  readonly applicationData: Uint8Array;
  /** Where the entry begins in the descriptor, and its size in bytes as it says itself. */
  readonly offset: number;
  readonly size: number;
}

export interface AccessEntryFlags {
  readonly isInherited: boolean;
  /** Meant for children only: it does not count for the object itself. */
  readonly isInheritOnly: boolean;
  readonly isContainerInherit: boolean;
  readonly isObjectInherit: boolean;
  readonly isNoPropagate: boolean;
}

/** Bits of the flags byte (MS-DTYP 2.4.4.1). */
export const entryFlag = {
  objectInherit: 0x01,
  containerInherit: 0x02,
  noPropagate: 0x04,
  inheritOnly: 0x08,
  inherited: 0x10,
} as const;

/** Bits that say which GUIDs an object entry carries (MS-DTYP 2.4.4.3). */
export const objectFlag = { objectType: 0x1, inheritedObjectType: 0x2 } as const;

/**
 * The entry at an offset of a descriptor. `size` has been checked: it is at least 4, and all of its bytes are there.
 * Never throws; what is wrong inside goes to the faults.
 */
export const parseEntry = (bytes: Uint8Array, offset: number, size: number, faults: FaultList): AccessEntry => {
  const entry = bytes.subarray(offset, offset + size);
  const view = new DataView(entry.buffer, entry.byteOffset, entry.length);
  const [typeNumber, flagBits] = [view.getUint8(0), view.getUint8(1)];
  const { type, isObject } = layouts.get(typeNumber) ?? { type: 'unknown', isObject: false };
  const head = { type, typeNumber, flags: toFlags(flagBits), flagBits, offset, size };
  const unread = { mask: null, trustee: null, objectType: null, inheritedObjectType: null };
  if (type === 'unknown') return { ...head, ...unread, applicationData: entry.subarray(4) };
  const say = (what: string, at: number) => void faults.add(`${what} at offset ${offset + at}`);
  if (size < 8) {
    say('an access entry ends before its mask', 4);
    return { ...head, ...unread, applicationData: entry.subarray(4) };
  }
  const mask = view.getUint32(4, true);
  let at = 8;
  const guids: (string | null)[] = [null, null];
  if (isObject) {
    const present = size < 12 ? 0 : view.getUint32(8, true);
    if (size < 12) say('an object entry ends before its flags', 8);
    if (present > 3) say('an object entry has flags that are not defined', 8);
    at = Math.min(12, size);
    for (const [index, flag] of [objectFlag.objectType, objectFlag.inheritedObjectType].entries()) {
      if ((present & flag) === 0) continue;
      const guid = guidText(entry, at);
      if (guid === null) {
        say('an object entry ends inside a GUID', at);
        // Without the GUID nobody knows what the entry is about; read as "all" it would give more than it says.
        return { ...head, ...unread, mask, applicationData: entry.subarray(at) };
      }
      guids[index] = guid;
      at += 16;
    }
  }
  const [objectType = null, inheritedObjectType = null] = guids;
  const length = sidLength(entry, at);
  if (length === null) say(`${sidFault(entry, at)} in an access entry`, at);
  return {
    ...head,
    ...{ mask, objectType, inheritedObjectType, trustee: length === null ? null : sidText(entry, at) },
    applicationData: entry.subarray(at + (length ?? 0)),
  };
};

/** Why no SID can be read at an offset. */
export const sidFault = (bytes: Uint8Array, offset: number): string => {
  const [revision, count] = [bytes[offset], bytes[offset + 1]];
  if (revision === undefined || count === undefined) return 'a SID is cut off';
  if (revision !== 1) return `a SID has revision ${revision} instead of 1`;
  return count > 15 ? `a SID has ${count} sub-authorities, 15 are the most` : 'a SID is cut off';
};

const toFlags = (bits: number): AccessEntryFlags => ({
  isInherited: (bits & entryFlag.inherited) !== 0,
  isInheritOnly: (bits & entryFlag.inheritOnly) !== 0,
  isContainerInherit: (bits & entryFlag.containerInherit) !== 0,
  isObjectInherit: (bits & entryFlag.objectInherit) !== 0,
  isNoPropagate: (bits & entryFlag.noPropagate) !== 0,
});

/** By type number. The compound type (4) was never used and its layout depends on its own type: it is kept by number. */
const layouts = new Map<number, { type: AccessEntryType; isObject: boolean }>([
  [0, { type: 'allow', isObject: false }],
  [1, { type: 'deny', isObject: false }],
  [2, { type: 'audit', isObject: false }],
  [3, { type: 'alarm', isObject: false }],
  [5, { type: 'allowObject', isObject: true }],
  [6, { type: 'denyObject', isObject: true }],
  [7, { type: 'auditObject', isObject: true }],
  [8, { type: 'alarmObject', isObject: true }],
  [9, { type: 'allowCallback', isObject: false }],
  [10, { type: 'denyCallback', isObject: false }],
  [11, { type: 'allowCallbackObject', isObject: true }],
  [12, { type: 'denyCallbackObject', isObject: true }],
  [13, { type: 'auditCallback', isObject: false }],
  [14, { type: 'alarmCallback', isObject: false }],
  [15, { type: 'auditCallbackObject', isObject: true }],
  [16, { type: 'alarmCallbackObject', isObject: true }],
  [17, { type: 'mandatoryLabel', isObject: false }],
  [18, { type: 'resourceAttribute', isObject: false }],
  [19, { type: 'scopedPolicyId', isObject: false }],
]);
