import { guidBytes } from '../guid.ts';
import { sidBytes } from '../sid.ts';

/** An access entry as a test or the sample organisation wants it. */
export interface MadeEntry {
  readonly trustee: string;
  readonly mask: number;
  /** Left out: allowed. */
  readonly isDenied?: boolean;
  /** GUID in text of an attribute, a right or a class; left out: everything. */
  readonly objectType?: string;
  /** Handed down from above. */
  readonly isInherited?: boolean;
  /** For children only, of this class where one is named. */
  readonly inheritOnly?: boolean;
  readonly inheritedObjectType?: string;
}

/** A self-relative security descriptor (MS-DTYP 2.4.6) with an owner and a DACL. */
export const makeDescriptor = (owner: string, entries: readonly MadeEntry[]): Buffer => {
  const body = Buffer.concat(entries.map(toBytes));
  const list = Buffer.alloc(8);
  list.writeUInt8(4, 0);
  list.writeUInt16LE(8 + body.length, 2);
  list.writeUInt16LE(entries.length, 4);
  const [ownerBytes, groupBytes] = [bytesOf(owner), bytesOf(owner)];
  const header = Buffer.alloc(20);
  header.writeUInt8(1, 0);
  // Self-relative, a DACL is present, and it takes what comes from above.
  header.writeUInt16LE(0x8404, 2);
  header.writeUInt32LE(20 + list.length + body.length, 4);
  header.writeUInt32LE(20 + list.length + body.length + ownerBytes.length, 8);
  header.writeUInt32LE(20, 16);
  return Buffer.concat([header, list, body, ownerBytes, groupBytes]);
};

const toBytes = (entry: MadeEntry): Buffer => {
  const { objectType, inheritedObjectType } = entry;
  const isObject = objectType !== undefined || inheritedObjectType !== undefined;
  const parts: Buffer[] = [Buffer.alloc(8)];
  if (isObject) {
    const flags = Buffer.alloc(4);
    flags.writeUInt32LE((objectType === undefined ? 0 : 1) | (inheritedObjectType === undefined ? 0 : 2));
    parts.push(flags);
    for (const guid of [objectType, inheritedObjectType]) if (guid !== undefined) parts.push(guidOf(guid));
  }
  parts.push(bytesOf(entry.trustee));
  const bytes = Buffer.concat(parts);
  bytes.writeUInt8((isObject ? 5 : 0) + (entry.isDenied ? 1 : 0), 0);
  bytes.writeUInt8((entry.isInherited ? 0x10 : 0) | (entry.inheritOnly ? 0x0a : 0), 1);
  bytes.writeUInt16LE(bytes.length, 2);
  bytes.writeUInt32LE(entry.mask >>> 0, 4);
  return bytes;
};

const bytesOf = (sid: string): Buffer => {
  const bytes = sidBytes(sid);
  if (bytes === null) throw new Error(`${sid} is no SID`);
  return Buffer.from(bytes);
};

const guidOf = (text: string): Buffer => {
  const bytes = guidBytes(text);
  if (bytes === null) throw new Error(`${text} is no GUID`);
  return Buffer.from(bytes);
};
