/** An entry of an access list that allows something, MS-DTYP 2.4.4. */
export interface AllowEntry {
  readonly sid: string;
  /** ADS_RIGHT_* bits, MS-ADTS 5.1.3.2. */
  readonly mask: number;
  /** The attribute, class or right it is limited to. */
  readonly object: string | null;
  readonly inheritedClass: string | null;
}

/** What a security descriptor allows, for tests that check the seed with as little code as that takes. */
export const allowEntries = (descriptor: Buffer): readonly AllowEntry[] => {
  const list = descriptor.readUInt32LE(16);
  const entries: AllowEntry[] = [];
  let at = list + 8;
  for (let left = descriptor.readUInt16LE(list + 4); left > 0; left--) {
    const type = descriptor.readUInt8(at);
    const mask = descriptor.readUInt32LE(at + 4);
    if (type === accessAllowed)
      entries.push({ sid: sidAt(descriptor, at + 8), mask, object: null, inheritedClass: null });
    if (type === accessAllowedObject) {
      const present = descriptor.readUInt32LE(at + 8);
      let next = at + 12;
      const guid = (bit: number) => {
        if ((present & bit) === 0) return null;
        next += 16;
        return guidAt(descriptor, next - 16);
      };
      const [object, inheritedClass] = [guid(1), guid(2)];
      entries.push({ sid: sidAt(descriptor, next), mask, object, inheritedClass });
    }
    at += descriptor.readUInt16LE(at + 2);
  }
  return entries;
};

const accessAllowed = 0;
const accessAllowedObject = 5;

export const sidAt = (bytes: Buffer, at: number): string =>
  [
    `S-${bytes.readUInt8(at)}-${bytes.readUIntBE(at + 2, 6)}`,
    ...Array.from({ length: bytes.readUInt8(at + 1) }, (_, index) => bytes.readUInt32LE(at + 8 + index * 4)),
  ].join('-');

const guidAt = (bytes: Buffer, at: number): string => {
  const part = (from: number, to: number) => bytes.subarray(at + from, at + to);
  const swapped = [part(0, 4), part(4, 6), part(6, 8)].map((bytes) => Buffer.from(bytes).reverse().toString('hex'));
  return [...swapped, part(8, 10).toString('hex'), part(10, 16).toString('hex')].join('-');
};
