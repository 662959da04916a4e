/** What the SD flags control asks for (MS-ADTS 3.1.1.3.4.1.11). */
export const saclFlag = 8;

/**
 * A self-relative security descriptor (MS-DTYP 2.4.6) with the parts that `flags` names: 1 owner, 2 group, 4 DACL,
 * 8 SACL. Where nothing has to be left out, the bytes stay as they are.
 */
export const partsOf = (descriptor: Buffer, flags: number): Buffer => {
  if (descriptor.length < headSize) return descriptor;
  const parts = places.map((place) => ({ ...place, from: descriptor.readUInt32LE(place.at) }));
  if (parts.every(({ from, flag }) => from === 0 || (flags & flag) !== 0)) return descriptor;
  const head = Buffer.from(descriptor.subarray(0, headSize));
  const kept: Buffer[] = [head];
  let size = headSize;
  for (const { at, from, flag, present, isList } of parts) {
    const isKept = from > 0 && (flags & flag) !== 0;
    head.writeUInt32LE(isKept ? size : 0, at);
    if (!isKept) head.writeUInt16LE(head.readUInt16LE(2) & ~present, 2);
    if (!isKept) continue;
    const length = isList ? descriptor.readUInt16LE(from + 2) : 8 + 4 * (descriptor[from + 1] ?? 0);
    kept.push(descriptor.subarray(from, from + length));
    size += length;
  }
  return Buffer.concat(kept);
};

const headSize = 20;

/** Offset of each part's own offset, its flag, and its bit in the control word. */
const places = [
  { at: 4, flag: 1, present: 0, isList: false },
  { at: 8, flag: 2, present: 0, isList: false },
  { at: 12, flag: saclFlag, present: 0x0010, isList: true },
  { at: 16, flag: 4, present: 0x0004, isList: true },
] as const;
