import { guidBytes } from '../../guid.ts';
import { sidBytes } from '../../sid.ts';
import { type AccessList, controlFlags, type Descriptor, headerSize } from '../descriptor.ts';
import type { AccessEntry } from '../entry.ts';

/** An entry in the words of a test. */
export interface Given {
  readonly type?: number;
  readonly flags?: number;
  readonly mask: number;
  readonly to: string;
  readonly of?: string;
  readonly inheritedBy?: string;
  /** Bytes after the trustee. */
  readonly condition?: Uint8Array;
}

/** A sound self-relative descriptor with a DACL; `dacl` null is a null DACL. */
export const build = (dacl: readonly Given[] | null, owner: string | null = administrators): Uint8Array =>
  assemble({
    controlBits: controlFlags.SR | controlFlags.DP,
    ...{ owner: owner === null ? null : sidOf(owner), group: owner === null ? null : sidOf(owner) },
    ...{ sacl: null, dacl: dacl === null ? null : list(4, dacl.map(entry)) },
  });

export const administrators = 'S-1-5-32-544';

/** The bytes of a parsed descriptor again, in the order in which domain controllers write: lists, owner, group. */
export const serialise = (descriptor: Descriptor): Uint8Array =>
  assemble({
    controlBits: descriptor.controlBits,
    owner: descriptor.owner === null ? null : sidOf(descriptor.owner),
    group: descriptor.group === null ? null : sidOf(descriptor.group),
    sacl: listOf(descriptor.sacl),
    dacl: listOf(descriptor.dacl),
  });

const listOf = (access: AccessList): Uint8Array | null =>
  access.state === 'present' ? list(access.revision, access.entries.map(entryOf)) : null;

interface Parts {
  readonly controlBits: number;
  readonly owner: Uint8Array | null;
  readonly group: Uint8Array | null;
  readonly sacl: Uint8Array | null;
  readonly dacl: Uint8Array | null;
}

const assemble = ({ controlBits, owner, group, sacl, dacl }: Parts): Uint8Array => {
  const header = new DataView(new ArrayBuffer(headerSize));
  header.setUint8(0, 1);
  header.setUint16(2, controlBits, true);
  const parts: Uint8Array[] = [];
  let at = headerSize;
  for (const [part, field] of [[sacl, 12] as const, [dacl, 16] as const, [owner, 4] as const, [group, 8] as const]) {
    if (part === null) continue;
    header.setUint32(field, at, true);
    parts.push(part);
    at += part.length;
  }
  return Buffer.concat([new Uint8Array(header.buffer), ...parts]);
};

const list = (revision: number, entries: readonly Uint8Array[]): Uint8Array => {
  const body = Buffer.concat(entries);
  const header = Buffer.alloc(8);
  header.writeUInt8(revision, 0);
  header.writeUInt16LE(8 + body.length, 2);
  header.writeUInt16LE(entries.length, 4);
  return Buffer.concat([header, body]);
};

export const entry = ({ type, flags = 0, mask, to, of, inheritedBy, condition }: Given): Uint8Array =>
  bytesOf({
    ...{
      typeNumber: type ?? (of === undefined && inheritedBy === undefined ? 0 : 5),
      flagBits: flags,
      mask,
      trustee: to,
    },
    ...{ objectType: of ?? null, inheritedObjectType: inheritedBy ?? null },
    applicationData: condition ?? new Uint8Array(),
  });

const entryOf = (parsed: AccessEntry): Uint8Array => bytesOf(parsed);

type Bytes = Pick<
  AccessEntry,
  'typeNumber' | 'flagBits' | 'mask' | 'trustee' | 'objectType' | 'inheritedObjectType' | 'applicationData'
>;

const bytesOf = (it: Bytes): Uint8Array => {
  const isObject = objectTypes.has(it.typeNumber);
  const present = Buffer.alloc(isObject ? 4 : 0);
  if (isObject) present.writeUInt32LE((it.objectType === null ? 0 : 1) | (it.inheritedObjectType === null ? 0 : 2));
  const mask = Buffer.alloc(it.mask === null ? 0 : 4);
  if (it.mask !== null) mask.writeUInt32LE(it.mask >>> 0);
  const body = Buffer.concat([
    ...[mask, present, guidOf(it.objectType), guidOf(it.inheritedObjectType)],
    ...[it.trustee === null ? new Uint8Array() : sidOf(it.trustee), it.applicationData],
  ]);
  const header = Buffer.from([it.typeNumber, it.flagBits, 0, 0]);
  header.writeUInt16LE(4 + body.length, 2);
  return Buffer.concat([header, body]);
};

const objectTypes = new Set([5, 6, 7, 8, 11, 12, 15, 16]);
const guidOf = (text: string | null): Uint8Array =>
  text === null ? new Uint8Array() : (guidBytes(text) ?? fail(text));
const sidOf = (text: string): Uint8Array => sidBytes(text) ?? fail(text);
const fail = (text: string): never => {
  throw new Error(`${text} is neither a SID nor a GUID`);
};
