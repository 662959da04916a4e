/**
 * The text of a GUID from its 16 bytes at an offset (MS-DTYP 2.3.4.2: the first three fields are little-endian), in
 * lower case and without braces; null where fewer bytes are there.
 */
export const guidText = (bytes: Uint8Array, offset = 0): string | null => {
  if (offset < 0 || offset + 16 > bytes.length) return null;
  const at = (place: number) => pairs[bytes[offset + place] ?? 0] ?? '';
  // Written out: every entry of a directory has one or two, and a loop takes five times as long.
  const first = `${at(3)}${at(2)}${at(1)}${at(0)}-${at(5)}${at(4)}-${at(7)}${at(6)}`;
  return `${first}-${at(8)}${at(9)}-${at(10)}${at(11)}${at(12)}${at(13)}${at(14)}${at(15)}`;
};

/** The 16 bytes of a GUID from its text, with or without braces, in either case; null where the text is no GUID. */
export const guidBytes = (text: string): Uint8Array | null => {
  const [, braced, bare] = form.exec(text) ?? [];
  const digits = (braced ?? bare)?.replaceAll('-', '');
  if (digits === undefined) return null;
  const bytes = new Uint8Array(16);
  for (const [index, at] of byteOrder.entries())
    bytes[at] = Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16);
  return bytes;
};

/** Bytes as an LDAP filter writes them (RFC 4515): `\xx` each, so `(objectGUID=\7b\7a…)`. */
export const filterBytes = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += `\\${pairs[byte]}`;
  return text;
};

/** Which byte each pair of digits of the text stands for. */
const byteOrder = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
const pairs = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));
const plain = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const form = new RegExp(`^(?:\\{(${plain})\\}|(${plain}))$`, 'i');
