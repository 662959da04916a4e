/** One element of DER: a tag, and what it contains. */
export const derElement = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.from([tag]), derLength(length), ...content]);
};

const derLength = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([0x80 | short.length]), short]);
};

/** A whole number from 0 to 2^31 - 1. */
export const derInteger = (value: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(value, 1);
  const first = bytes.findIndex((byte) => byte !== 0);
  const from = first === -1 ? 4 : first;
  return derElement(0x02, bytes.subarray((bytes[from] ?? 0) >= 0x80 ? from - 1 : from));
};
