import { unreadable } from './windows-event.ts';

/** Types of values (MS-EVEN6 2.2.12); 0x80 makes a list of them. */
export const valueType = {
  null: 0x00,
  string: 0x01,
  ansi: 0x02,
  int8: 0x03,
  uint8: 0x04,
  int16: 0x05,
  uint16: 0x06,
  int32: 0x07,
  uint32: 0x08,
  int64: 0x09,
  uint64: 0x0a,
  real32: 0x0b,
  real64: 0x0c,
  bool: 0x0d,
  binary: 0x0e,
  guid: 0x0f,
  size: 0x10,
  fileTime: 0x11,
  systemTime: 0x12,
  sid: 0x13,
  hex32: 0x14,
  hex64: 0x15,
  handle: 0x20,
  binXml: 0x21,
} as const;

export const listOf = 0x80;

/** A value as Windows writes it into an event's XML; a list as its items. @throws Fault `unexpected` */
export const textOfValue = (type: number, bytes: Uint8Array): string | readonly string[] =>
  (type & listOf) === 0
    ? textOfOne(type, bytes)
    : itemsOf(type & ~listOf, bytes).map((item) => textOfOne(type & ~listOf, item));

const utf16 = new TextDecoder('utf-16le');
const ansi = new TextDecoder('windows-1252');

export const textOfUtf16 = (bytes: Uint8Array): string => utf16.decode(bytes);

/** Bytes of each type that has but one size. */
const sizes: Readonly<Record<number, number>> = {
  [valueType.int8]: 1,
  [valueType.uint8]: 1,
  [valueType.int16]: 2,
  [valueType.uint16]: 2,
  [valueType.int32]: 4,
  [valueType.uint32]: 4,
  [valueType.int64]: 8,
  [valueType.uint64]: 8,
  [valueType.real32]: 4,
  [valueType.real64]: 8,
  [valueType.bool]: 4,
  [valueType.guid]: 16,
  [valueType.fileTime]: 8,
  [valueType.systemTime]: 16,
  [valueType.hex32]: 4,
  [valueType.hex64]: 8,
};

const textOfOne = (type: number, bytes: Uint8Array): string => {
  const size = sizes[type];
  if (size !== undefined && bytes.length !== size)
    throw unreadable(`a value of type ${type} has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case valueType.null:
      return '';
    case valueType.string:
      return textOfUtf16(bytes).replace(/\0+$/, '');
    case valueType.ansi:
      return ansi.decode(bytes).replace(/\0+$/, '');
    case valueType.int8:
      return String(view.getInt8(0));
    case valueType.uint8:
      return String(view.getUint8(0));
    case valueType.int16:
      return String(view.getInt16(0, true));
    case valueType.uint16:
      return String(view.getUint16(0, true));
    case valueType.int32:
      return String(view.getInt32(0, true));
    case valueType.uint32:
      return String(view.getUint32(0, true));
    case valueType.int64:
      return String(view.getBigInt64(0, true));
    case valueType.uint64:
      return String(view.getBigUint64(0, true));
    case valueType.real32:
      return String(view.getFloat32(0, true));
    case valueType.real64:
      return String(view.getFloat64(0, true));
    case valueType.bool:
      return view.getUint32(0, true) === 0 ? 'false' : 'true';
    case valueType.binary:
    case valueType.handle:
      return hexOf(bytes).toUpperCase();
    case valueType.guid:
      return guidOf(view);
    case valueType.size:
    case valueType.hex32:
    case valueType.hex64:
      return hexNumber(view);
    case valueType.fileTime:
      return fileTimeOf(view.getBigUint64(0, true));
    case valueType.systemTime:
      return systemTimeOf(view);
    case valueType.sid:
      return sidOf(view);
    default:
      throw unreadable(`a value has the type ${type}, which is not known`);
  }
};

/** Texts end at their NUL, everything else has its size; SIDs say it in their second byte. */
const itemsOf = (type: number, bytes: Uint8Array): readonly Uint8Array[] => {
  const items: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizeAt(type, bytes, at);
    if (size <= 0 || at + size > bytes.length) throw unreadable(`a list of type ${type} does not end with an item`);
    items.push(bytes.subarray(at, at + size));
    at += size;
  }
  return items;
};

const sizeAt = (type: number, bytes: Uint8Array, at: number): number => {
  switch (type) {
    case valueType.string: {
      let end = at;
      while (end + 1 < bytes.length && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
      return Math.min(end + 2, bytes.length) - at;
    }
    case valueType.ansi: {
      const end = bytes.indexOf(0, at);
      return (end < 0 ? bytes.length : end + 1) - at;
    }
    case valueType.sid:
      return 8 + 4 * (bytes[at + 1] ?? 0);
    case valueType.size:
      // Alone the list does not say whether its numbers have 4 or 8 bytes.
      return bytes.length % 8 === 0 ? 8 : 4;
    default:
      return sizes[type] ?? 0;
  }
};

const hexOf = (bytes: Uint8Array): string => {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
};

const hexNumber = (view: DataView): string => {
  if (view.byteLength === 4) return `0x${view.getUint32(0, true).toString(16)}`;
  if (view.byteLength === 8) return `0x${view.getBigUint64(0, true).toString(16)}`;
  throw unreadable(`a hexadecimal value has ${view.byteLength} bytes`);
};

const guidOf = (view: DataView): string => {
  const part = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const rest = hexOf(new Uint8Array(view.buffer, view.byteOffset + 8, 8));
  const start = `${part(view.getUint32(0, true), 8)}-${part(view.getUint16(4, true), 4)}-${part(view.getUint16(6, true), 4)}`;
  return `{${start}-${rest.slice(0, 4)}-${rest.slice(4)}}`;
};

/** 100 nanoseconds since 1601. */
export const fileTimeOf = (ticks: bigint): string => {
  const since1970 = ticks - 116_444_736_000_000_000n;
  const seconds = since1970 / 10_000_000n - (since1970 < 0n && since1970 % 10_000_000n !== 0n ? 1n : 0n);
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) throw unreadable('a time is out of range');
  const fraction = since1970 - seconds * 10_000_000n;
  return `${date.toISOString().slice(0, 19)}.${String(fraction).padStart(7, '0')}Z`;
};

const systemTimeOf = (view: DataView): string => {
  const at = (offset: number) => view.getUint16(offset, true);
  const ms = Date.UTC(at(0), at(2) - 1, at(6), at(8), at(10), at(12), at(14));
  if (Number.isNaN(ms)) throw unreadable('a time is out of range');
  return new Date(ms).toISOString();
};

/** MS-DTYP 2.4.2.2: the authority is big-endian, what follows it is little-endian. */
const sidOf = (view: DataView): string => {
  const count = view.byteLength < 8 ? -1 : view.getUint8(1);
  if (count < 0 || view.byteLength < 8 + 4 * count) throw unreadable('a SID is cut off');
  const authority = view.getUint16(2) * 2 ** 32 + view.getUint32(4);
  const rest = Array.from({ length: count }, (_, i) => view.getUint32(8 + 4 * i, true));
  return ['S', view.getUint8(0), authority, ...rest].join('-');
};
