/** Messages of RFB, written out for tests. */
export const u16 = (...numbers: number[]): Buffer => Buffer.from(numbers.flatMap((n) => [(n >> 8) & 0xff, n & 0xff]));
export const u32 = (...numbers: number[]): Buffer =>
  Buffer.concat(numbers.map((n) => Buffer.of((n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff)));
const of = (...parts: (Buffer | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));

/** Little-endian, 32 bits of which 24 count: what noVNC asks for. */
export const pixels = Buffer.from('2018000100ff00ff00ff000810000000', 'hex');

export const browserSays = {
  hello: of(Buffer.from('RFB 003.008\n'), 1, 1),
  pixelFormat: (format = pixels) => of(0, 0, 0, 0, format),
  encodings: (...list: number[]) => of(2, 0, u16(list.length), u32(...list)),
  ask: (isIncremental: boolean, width = 640, height = 480) => of(3, isIncremental ? 1 : 0, u16(0, 0, width, height)),
  key: (symbol: number, isDown: boolean) => of(4, isDown ? 1 : 0, 0, 0, u32(symbol)),
  pointer: (x: number, y: number, buttons = 0) => of(5, buttons, u16(x, y)),
  cutText: (text: string) => of(6, 0, 0, 0, u32(text.length), Buffer.from(text, 'latin1')),
  extendedCutText: (bytes: Buffer) => of(6, 0, 0, 0, u32(-bytes.length), bytes),
  continuous: of(150, 1, u16(0, 0, 640, 480)),
  fence: (payload: string) => of(248, 0, 0, 0, u32(3), payload.length, Buffer.from(payload)),
  xvp: of(250, 0, 1, 2),
  desktopSize: (screens = 1) => of(251, 0, u16(800, 600), screens, 0, Buffer.alloc(16 * screens, 3)),
  extendedKey: of(255, 0, u16(1), u32(0x61), u32(30)),
} as const;

/** Rectangles of an update: the place, the encoding, and what follows. */
export const rectangle = (encoding: number, width: number, height: number, content: Buffer = Buffer.alloc(0)) =>
  of(u16(0, 0, width, height), u32(encoding), content);

export const endpointSays = {
  update: (...rectangles: Buffer[]) => of(0, 0, u16(rectangles.length), ...rectangles),
  colours: of(1, 0, u16(0, 2), Buffer.alloc(12, 9)),
  bell: of(2),
  cutText: (text: string) => of(3, 0, 0, 0, u32(text.length), Buffer.from(text, 'latin1')),
  extendedCutText: (bytes: Buffer) => of(3, 0, 0, 0, u32(-bytes.length), bytes),
  continuous: of(150),
  fence: (payload: string) => of(248, 0, 0, 0, u32(0x8000_0003), payload.length, Buffer.from(payload)),
  xvp: of(250, 0, 1, 1),
} as const;
