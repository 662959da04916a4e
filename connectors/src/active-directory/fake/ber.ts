/** BER and DER as the fake writes them: requests of clients, answers, certificates. Independent of what the host reads with. */
export interface BerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/** One element; lengths as short as they can be, as DER demands. */
export const element = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  let size = 0;
  for (const part of parts) size += part.length;
  const digits = size < 0x80 ? 0 : size < 0x100 ? 1 : size < 0x1_0000 ? 2 : size < 0x100_0000 ? 3 : 4;
  const bytes = Buffer.allocUnsafe(2 + digits + size);
  bytes[0] = tag;
  bytes[1] = digits === 0 ? size : 0x80 + digits;
  if (digits > 0) bytes.writeUIntBE(size, 2, digits);
  let at = 2 + digits;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

export const sequence = (...parts: readonly Uint8Array[]): Buffer => element(0x30, ...parts);
export const setOf = (...parts: readonly Uint8Array[]): Buffer => element(0x31, ...parts);
export const octets = (value: string | Uint8Array, tag = 0x04): Buffer =>
  element(tag, typeof value === 'string' ? Buffer.from(value) : value);
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.from([value ? 0xff : 0]));
export const enumerated = (value: number): Buffer => integer(value, 0x0a);

export const integer = (value: number, tag = 0x02): Buffer => {
  const bytes = Buffer.alloc(6);
  bytes.writeIntBE(value, 0, 6);
  let from = 0;
  while (from < 5 && isSpare(bytes[from] ?? 0, bytes[from + 1] ?? 0)) from++;
  return element(tag, bytes.subarray(from));
};

/** A first byte that only repeats the sign of the second. */
const isSpare = (first: number, second: number) => (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80);

export const objectId = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((part) => {
    const digits = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(128 + (left % 128));
    return digits;
  });
  return element(0x06, Buffer.from(bytes));
};

/** The elements that `bytes` consist of. Throws a RangeError where one ends beyond them. */
export const valuesIn = (bytes: Buffer): readonly BerValue[] => {
  const values: BerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const size = sizeAt(bytes, at);
    if (size === null || at + size.head + size.content > bytes.length) throw new RangeError('an element is cut off');
    const start = at + size.head;
    values.push({ tag: bytes[at] ?? 0, content: bytes.subarray(start, start + size.content) });
    at = start + size.content;
  }
  return values;
};

/** Bytes of the first element with its head; null when they are not all known yet. */
export const wholeSize = (bytes: Buffer): number | null => {
  const size = sizeAt(bytes, 0);
  return size === null ? null : size.head + size.content;
};

const sizeAt = (bytes: Buffer, at: number): { head: number; content: number } | null => {
  const first = bytes[at + 1];
  if (first === undefined) return null;
  if (first < 0x80) return { head: 2, content: first };
  const digits = first & 0x7f;
  if (digits < 1 || digits > 4) throw new RangeError('a length that LDAP does not allow');
  return at + 2 + digits > bytes.length ? null : { head: 2 + digits, content: bytes.readUIntBE(at + 2, digits) };
};

export const numberIn = ({ content }: BerValue): number =>
  content.length === 0 ? 0 : content.readIntBE(0, Math.min(6, content.length));
