/**
 * The encodings of RFB whose length is known here. Only they are offered to an endpoint, whatever the browser asks for:
 * an endpoint that sent another would send bytes that nobody can tell apart into messages. Left out on purpose are H.264
 * and JPEG, with which a recording could not be played everywhere, and buttons beyond the seventh, with which the length
 * of a pointer's message is no longer in the message.
 */
export const encoding = {
  raw: 0,
  copyRect: 1,
  rre: 2,
  hextile: 5,
  zlib: 6,
  tight: 7,
  zrle: 16,
  desktopSize: -223,
  lastRect: -224,
  cursor: -239,
  extendedKey: -258,
  tightPng: -260,
  lights: -261,
  desktopName: -307,
  extendedDesktopSize: -308,
  xvp: -309,
  fence: -312,
  continuousUpdates: -313,
  vmwareCursor: 0x574d_5664,
  /** Text of any kind in both directions. */
  extendedClipboard: 0xc0a1_e5ce | 0,
} as const;

const known = new Set<number>(Object.values(encoding));

/** Those of the asked that an endpoint may be offered. */
export const offeredOf = (asked: readonly number[], clipboard: boolean): readonly number[] =>
  asked.filter((one) => isLevel(one) || (known.has(one) && (clipboard || one !== encoding.extendedClipboard)));

/** Of quality and compression. */
const isLevel = (one: number): boolean => (one >= -32 && one <= -23) || (one >= -256 && one <= -247);
