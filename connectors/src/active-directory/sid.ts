/**
 * The text of a SID ("S-1-5-21-…") from its bytes (MS-DTYP 2.4.2.2), or null where no whole SID stands at the offset.
 * An identifier authority of 2^32 or more is written in hexadecimal, as Windows does.
 */
export const sidText = (bytes: Uint8Array, offset = 0): string | null => {
  const length = sidLength(bytes, offset);
  if (length === null) return null;
  const at = (place: number) => bytes[offset + place] ?? 0;
  const high = at(2) * 0x100 + at(3);
  const low = ((at(4) << 24) | (at(5) << 16) | (at(6) << 8) | at(7)) >>> 0;
  let text = high === 0 ? `S-1-${low}` : `S-1-0x${hex(high, 4)}${hex(low, 8)}`;
  for (let place = 8; place < length; place += 4)
    text += `-${(at(place) | (at(place + 1) << 8) | (at(place + 2) << 16) | (at(place + 3) << 24)) >>> 0}`;
  return text;
};

/** How many bytes the SID at an offset takes; null for another revision than 1, over 15 sub-authorities, or a cut. */
export const sidLength = (bytes: Uint8Array, offset = 0): number | null => {
  const count = bytes[offset + 1];
  if (bytes[offset] !== 1 || count === undefined || count > mostSubAuthorities) return null;
  const length = 8 + 4 * count;
  return offset + length <= bytes.length ? length : null;
};

/** The bytes of a SID from its text, or null where the text is no SID. */
export const sidBytes = (text: string): Uint8Array | null => {
  const [, authorityText, rest] = /^S-1-(0x[0-9a-f]{1,12}|\d{1,15})((?:-\d{1,10}){0,15})$/i.exec(text) ?? [];
  if (authorityText === undefined || rest === undefined) return null;
  const authority = Number(authorityText);
  if (authority >= 2 ** 48) return null;
  // One place to write in, and digit by digit: every trustee of every descriptor comes by here.
  view.setUint8(0, 1);
  view.setUint16(2, Math.floor(authority / 2 ** 32));
  view.setUint32(4, authority % 2 ** 32);
  let length = 8;
  for (let at = 0; at < rest.length; length += 4) {
    let value = 0;
    for (at++; at < rest.length && rest.charCodeAt(at) !== hyphen; at++)
      value = value * 10 + rest.charCodeAt(at) - zero;
    if (value > 0xffff_ffff) return null;
    view.setUint32(length, value, true);
  }
  view.setUint8(1, (length - 8) / 4);
  return scratch.slice(0, length);
};

export const mostSubAuthorities = 15;
const scratch = new Uint8Array(8 + 4 * mostSubAuthorities);
const view = new DataView(scratch.buffer);
const [hyphen, zero] = [0x2d, 0x30];

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
