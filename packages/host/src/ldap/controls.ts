import { BerWriter, Control } from 'ldapts';
import { Malformed, reader } from './ber.ts';
import type { DirSync, LdapControls } from './ldap.ts';

/** Extended controls of Active Directory (MS-ADTS 3.1.1.3.4.1) and what its DirSync and paged answers carry. */
export const pagedResults = '1.2.840.113556.1.4.319';
const sdFlags = '1.2.840.113556.1.4.801';
const showDeleted = '1.2.840.113556.1.4.417';
const extendedDn = '1.2.840.113556.1.4.529';
const dirSync = '1.2.840.113556.1.4.841';

/** Controls that stay the same for every page of a search. All are critical: without them the answer would be another. */
export const steadyControls = (wanted: LdapControls): readonly Control[] => [
  ...(wanted.sdFlags === undefined ? [] : [control(sdFlags, (value) => value.writeInt(wanted.sdFlags ?? 0))]),
  ...(wanted.showDeleted === true ? [control(showDeleted)] : []),
  // 1: GUIDs and SIDs as people write them, not in hexadecimal.
  ...(wanted.extendedDn === true ? [control(extendedDn, (value) => value.writeInt(1))] : []),
];

/** RFC 2696. A size of 0 with a cookie tells the controller that no more is wanted. */
export const pageControl = (size: number, cookie: Buffer): Control =>
  control(pagedResults, (value) => {
    value.writeInt(size);
    value.writeBuffer(cookie, octets);
  });

export const dirSyncControl = ({ flags, maxBytes = 1024 * 1024 }: DirSync, cookie: Buffer): Control =>
  control(dirSync, (value) => {
    value.writeInt(flags);
    value.writeInt(maxBytes);
    value.writeBuffer(cookie, octets);
  });

/** Empty when this was the last page, or when the controller did not answer the control at all. */
export const pageCookie = (controls: ReadonlyMap<string, Buffer>): Buffer => {
  const bytes = controls.get(pagedResults);
  if (bytes === undefined) return Buffer.alloc(0);
  const value = valueIn(bytes);
  value.integer(integer);
  return value.bytes(octets);
};

/** Null when the controller did not answer the control. */
export const dirSyncState = (controls: ReadonlyMap<string, Buffer>): { cookie: Buffer; more: boolean } | null => {
  const bytes = controls.get(dirSync);
  if (bytes === undefined) return null;
  const value = valueIn(bytes);
  const more = value.integer(integer) !== 0;
  value.integer(integer);
  // Copied: it outlives the message that it came with.
  return { cookie: Buffer.from(value.bytes(octets)), more };
};

const control = (oid: string, write?: (value: BerWriter) => void): Control =>
  new (class extends Control {
    protected override writeControl(writer: BerWriter): void {
      if (write === undefined) return;
      const value = new BerWriter();
      value.startSequence();
      write(value);
      value.endSequence();
      writer.writeBuffer(value.buffer, octets);
    }
  })(oid, { critical: true });

const valueIn = (bytes: Buffer) => {
  const outer = reader(bytes, 0, bytes.length);
  const { start, end } = outer.next(sequence);
  if (end !== bytes.length) throw new Malformed('a control value with something behind it');
  return reader(bytes, start, end);
};

const integer = 0x02;
const octets = 0x04;
const sequence = 0x30;
