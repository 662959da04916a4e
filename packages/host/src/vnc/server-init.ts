import type { Readable } from 'node:stream';
import { readExactly } from './read-exactly.ts';
import type { PixelFormat, VncScreen } from './vnc.ts';
import type { VncFaults } from './vnc-faults.ts';

const longestName = 4_096;

/** Reads ServerInit. */
export const readScreen = async (stream: Readable, faults: VncFaults): Promise<VncScreen> => {
  const head = await readExactly(stream, 24);
  const pixels = pixelFormatOf(head.subarray(4, 20));
  if (pixels === null) throw faults.of('garbled', `its pixels have ${head[4]} bits`);
  const length = head.readUInt32BE(20);
  if (length > longestName) throw faults.of('garbled', `its name has ${length} bytes`);
  const name = await readExactly(stream, length);
  return {
    ...{ width: head.readUInt16BE(0), height: head.readUInt16BE(2), name: name.toString('utf8') },
    ...{ pixels, bytes: Buffer.concat([head, name]) },
  };
};

/** A PIXEL_FORMAT of 16 bytes; null where a pixel is of no size there is. */
export const pixelFormatOf = (bytes: Buffer): PixelFormat | null => {
  const bitsPerPixel = bytes.readUInt8(0);
  if (bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32) return null;
  return {
    ...{ bitsPerPixel, depth: bytes.readUInt8(1), isTrueColour: bytes.readUInt8(3) !== 0 },
    most: [bytes.readUInt16BE(4), bytes.readUInt16BE(6), bytes.readUInt16BE(8)],
  };
};
