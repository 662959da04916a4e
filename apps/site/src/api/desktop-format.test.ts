import { describe, expect, test } from 'vitest';
import {
  createDesktopReader,
  type DesktopFrame,
  encodeDesktopFrame,
  encodeDesktopHead,
  NoDesktopRecording,
  rfbGreeting,
  toRfb,
} from './desktop-format.ts';

const about = { protocol: 'vnc', startedAt: '2026-01-02T03:04:05.678Z' } as const;
const nothing = new Uint8Array(0);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const whole = () =>
  Buffer.concat([
    encodeDesktopHead(about),
    encodeDesktopFrame(0, 'segment', nothing),
    encodeDesktopFrame(1, 'bytes', bytesOf('first')),
    encodeDesktopFrame(70_000, 'bytes', nothing),
    encodeDesktopFrame(604_800_000, 'segment', bytesOf('more of it')),
    encodeDesktopFrame(604_800_001, 'bytes', bytesOf('last')),
  ]);
const expected = [
  [0, 'segment', ''],
  [1, 'bytes', 'first'],
  [70_000, 'bytes', ''],
  [604_800_000, 'segment', 'more of it'],
  [604_800_001, 'bytes', 'last'],
];
const read = (pieces: readonly Uint8Array[]) => {
  const reader = createDesktopReader();
  const frames = pieces.flatMap((piece) => reader.push(piece));
  return {
    about: reader.about(),
    frames: frames.map(({ atMs, kind, bytes }) => [atMs, kind, new TextDecoder().decode(bytes)]),
  };
};

describe('a recording of a desktop', () => {
  test('is read as it was written, wherever it is divided', () => {
    const bytes = whole();
    expect(read([bytes])).toEqual({ about, frames: expected });
    expect(read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual({ about, frames: expected });
    for (let at = 1; at < bytes.length; at++)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)])).toEqual({ about, frames: expected });
  });

  test('that was cut off anywhere is one up to its last whole frame', () => {
    const bytes = whole();
    for (let end = 0; end < bytes.length; end++) {
      const { frames } = read([bytes.subarray(0, end)]);
      expect(frames).toEqual(expected.slice(0, frames.length));
    }
    expect(read([bytes.subarray(0, -1)]).frames).toEqual(expected.slice(0, -1));
  });

  test('takes any number of bytes at a moment', () => {
    const large = Buffer.alloc(2_500_000, 'x');
    const reader = createDesktopReader();
    const frames = reader.push(Buffer.concat([encodeDesktopHead(about), encodeDesktopFrame(5, 'bytes', large)]));
    expect(frames.map(({ atMs, kind, bytes }) => [atMs, kind, bytes.length])).toEqual([
      [5, 'bytes', 1_048_576],
      [5, 'bytes', 1_048_576],
      [5, 'bytes', 402_848],
    ]);
  });

  test.each<[string, Uint8Array]>([
    ['another file', bytesOf('{"version": 2}')],
    ['another version', whole().fill(2, 7, 8)],
    ['a head that is too long', whole().fill(0xff, 8, 9)],
    ['a head that says nothing', whole().fill(0x20, 12, 40)],
    ['a frame of another kind', Buffer.concat([encodeDesktopHead(about), Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0, 0)])],
    ['a frame too long', Buffer.concat([encodeDesktopHead(about), Uint8Array.of(0, 0, 0, 0, 1, 0xff, 0, 0, 0)])],
  ])('is not what begins as %s', (_, bytes) => {
    expect(() => read([bytes])).toThrow(NoDesktopRecording);
    expect(() => read([...bytes].map((byte) => Uint8Array.of(byte)))).toThrow(NoDesktopRecording);
  });
});

describe('an FBS file', () => {
  const frame = (atMs: number, kind: DesktopFrame['kind'], bytes: Uint8Array = nothing): DesktopFrame => ({
    ...{ atMs, kind, bytes: Uint8Array.from(bytes) },
  });
  const session = (at: number, words: string) => [
    frame(at, 'segment'),
    frame(at, 'bytes', rfbGreeting.subarray(0, 12)),
    frame(at + 1, 'bytes', rfbGreeting.subarray(12, 14)),
    frame(at + 2, 'bytes', rfbGreeting.subarray(14)),
    frame(at + 3, 'bytes', bytesOf(words)),
  ];
  const fileOf = async (frames: readonly DesktopFrame[], segment?: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of toRfb(frames, segment)) parts.push(part);
    return Buffer.concat(parts).toString('latin1');
  };

  test('holds one segment, with the greeting that players know, and times from its beginning', async () => {
    const frames = [...session(100, 'hello'), ...session(5_000, 'again')];
    const greeting = '\0\0\0\x10RFB 003.003\n\0\0\0\x01\0\0\0\x02';
    expect(await fileOf(frames)).toBe(`FBS 001.000\n${greeting}\0\0\0\x05hello\0\0\0\0\0\0\x03`);
    expect(await fileOf(frames, 1)).toBe(`FBS 001.000\n${greeting}\0\0\0\x05again\0\0\0\0\0\0\x03`);
    expect(await fileOf(frames, 2)).toBe('FBS 001.000\n');
  });

  test('is not made of another protocol', async () => {
    await expect(fileOf([frame(0, 'segment'), frame(1, 'bytes', Buffer.alloc(40))])).rejects.toThrow(
      NoDesktopRecording,
    );
  });
});
