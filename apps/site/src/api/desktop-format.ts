import { z } from 'zod';

/**
 * A recording of a desktop, `application/vnd.gatehouse.desktop`: everything that its browser was sent, and when. Numbers
 * are big-endian.
 *
 *     magic     8 bytes, the last is the version: 1
 *     length    4 bytes
 *     about     JSON of that length: DesktopAbout
 *     frame     as many as there are:
 *       at      4 bytes, milliseconds since it began
 *       kind    1 byte: 0 a segment begins, 1 bytes to the browser
 *       length  4 bytes, at most 1 MiB
 *       bytes   of that length
 *
 * A segment is one connection of a browser: what was sent before it means nothing to it. A recording that was cut off
 * anywhere is one up to its last whole frame.
 */
export const desktopType = 'application/vnd.gatehouse.desktop';

const DesktopAbout = z.object({ protocol: z.enum(['vnc', 'rdp']), startedAt: z.iso.datetime() });
export type DesktopAbout = z.output<typeof DesktopAbout>;

export interface DesktopFrame {
  /** Milliseconds since the recording began. */
  readonly atMs: number;
  readonly kind: 'segment' | 'bytes';
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const magic = Uint8Array.of(0x89, 0x47, 0x48, 0x44, 0x0d, 0x0a, 0x1a, 1);
const headBytes = 9;
const mostAbout = 65_536;
const mostBytes = 1_048_576;

/** How a recording begins. */
export const encodeDesktopHead = (about: DesktopAbout): Uint8Array<ArrayBuffer> => {
  const json = new TextEncoder().encode(JSON.stringify(DesktopAbout.parse(about)));
  return joined([magic, uint32(json.length), json]);
};

/** One frame, or several where there are too many bytes for one. */
export const encodeDesktopFrame = (
  atMs: number,
  kind: DesktopFrame['kind'],
  bytes: Uint8Array,
): Uint8Array<ArrayBuffer> => {
  const parts: Uint8Array[] = [];
  for (let from = 0; from === 0 || from < bytes.length; from += mostBytes) {
    const part = bytes.subarray(from, from + mostBytes);
    parts.push(uint32(atMs), Uint8Array.of(kind === 'segment' && from === 0 ? 0 : 1), uint32(part.length), part);
  }
  return joined(parts);
};

/** These bytes are no recording of a desktop. */
export class NoDesktopRecording extends Error {
  override readonly name = 'NoDesktopRecording';
}

export interface DesktopReader {
  /** Null until enough has come. */
  about(): DesktopAbout | null;
  /** The frames that are whole with these bytes. Throws `NoDesktopRecording`. */
  push(bytes: Uint8Array): readonly DesktopFrame[];
}

/** Reads a recording as it comes, in pieces of any size. */
export const createDesktopReader = (): DesktopReader => {
  let held = new Uint8Array(0);
  let about: DesktopAbout | null = null;

  const readHead = (): boolean => {
    for (const [i, byte] of held.subarray(0, magic.length).entries())
      if (byte !== magic[i]) throw new NoDesktopRecording('it does not begin as a recording does');
    if (held.length < magic.length + 4) return false;
    const length = viewOf(held).getUint32(magic.length);
    if (length > mostAbout) throw new NoDesktopRecording(`its head has ${length} bytes`);
    const end = magic.length + 4 + length;
    if (held.length < end) return false;
    about = aboutOf(held.subarray(magic.length + 4, end));
    held = held.slice(end);
    return true;
  };

  return {
    about: () => about,
    push(bytes) {
      held = held.length === 0 ? Uint8Array.from(bytes) : joined([held, bytes]);
      if (about === null && !readHead()) return [];
      const frames: DesktopFrame[] = [];
      const view = viewOf(held);
      let at = 0;
      while (held.length - at >= headBytes) {
        const length = view.getUint32(at + 5);
        const kind = view.getUint8(at + 4);
        if (length > mostBytes || kind > 1) throw new NoDesktopRecording('a frame of it is none');
        const end = at + headBytes + length;
        if (held.length < end) break;
        frames.push({
          ...{ atMs: view.getUint32(at), kind: kind === 0 ? 'segment' : 'bytes' },
          bytes: held.slice(at + headBytes, end),
        });
        at = end;
      }
      if (at > 0) held = held.slice(at);
      return frames;
    },
  };
};

const aboutOf = (json: Uint8Array): DesktopAbout => {
  try {
    return DesktopAbout.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json)));
  } catch (cause) {
    throw new NoDesktopRecording('its head says nothing', { cause });
  }
};

/** What every browser is told before the endpoint's own words begin: RFB 3.8, no password, welcome. */
export const rfbGreeting = joined([new TextEncoder().encode('RFB 003.008\n'), Uint8Array.of(1, 1, 0, 0, 0, 0)]);

/**
 * One segment of a VNC recording as an FBS 001.000 file, which other players know. They expect the greeting of RFB 3.3;
 * from there on both are the same. A file holds one segment, because a second greeting would mean nothing to a player.
 */
export async function* toRfb(
  frames: AsyncIterable<DesktopFrame> | Iterable<DesktopFrame>,
  segment = 0,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const text = (words: string) => new TextEncoder().encode(words);
  yield text('FBS 001.000\n');
  let current = -1;
  let beganAt = 0;
  let greeting: Uint8Array<ArrayBuffer> | null = new Uint8Array(0);
  for await (const { atMs, kind, bytes } of frames) {
    if (kind === 'segment') {
      current++;
      beganAt = atMs;
      continue;
    }
    if (current > segment) return;
    if (current < segment) continue;
    let said = bytes;
    if (greeting !== null) {
      greeting = joined([greeting, bytes]);
      if (greeting.length < rfbGreeting.length) continue;
      if (rfbGreeting.some((byte, i) => byte !== greeting?.[i]))
        throw new NoDesktopRecording('it does not begin as VNC does');
      said = joined([text('RFB 003.003\n'), uint32(1), greeting.subarray(rfbGreeting.length)]);
      greeting = null;
    }
    const padding = new Uint8Array((4 - (said.length % 4)) % 4);
    yield joined([uint32(said.length), said, padding, uint32(atMs - beganAt)]);
  }
}

function uint32(number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, Math.max(0, Math.min(0xffff_ffff, Math.round(number))));
  return bytes;
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
