import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import type { Dialogue, Extension } from './dialogue.ts';
import { encoding } from './encodings.ts';
import { fromBrowser } from './from-browser.ts';
import { fromEndpoint } from './from-endpoint.ts';
import { createScanner, type Grammar } from './scan.ts';
import { browserSays, endpointSays, pixels, rectangle, u16, u32 } from './testing/rfb-words.ts';

const every: readonly Extension[] = [
  ...(['continuous updates', 'fence', 'desktop size', 'extended key', 'xvp', 'extended clipboard'] as const),
];
const dialogueOf = (clipboard: boolean, knows: readonly Extension[] = every): Dialogue => ({
  ...{ system: 'Desk', clipboard, hasAsked: false, knows: new Set(knows) },
  pixels: { bitsPerPixel: 32, depth: 24, isTrueColour: true, most: [255, 255, 255] },
});
const nobody = { onGreeting: () => undefined, onInput: () => undefined };
const through = (grammar: Grammar, pieces: readonly Buffer[]): Buffer => {
  const { push } = createScanner(grammar);
  return Buffer.concat(pieces.map((piece) => push(piece)));
};
/** In one piece, byte by byte, and in two pieces at every byte. */
const divisions = function* (bytes: Buffer): Iterable<readonly Buffer[]> {
  yield [bytes];
  yield [...bytes].map((byte) => Buffer.of(byte));
  for (let at = 1; at < bytes.length; at++) yield [bytes.subarray(0, at), bytes.subarray(at)];
};
const faultOf = (run: () => unknown): Fault => {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('There was no Fault.');
};

describe('from the browser', () => {
  const messages: readonly Buffer[] = [
    browserSays.pixelFormat(),
    browserSays.encodings(encoding.copyRect, encoding.tight, -26, -254, encoding.desktopSize),
    browserSays.ask(false),
    browserSays.key(0x61, true),
    browserSays.pointer(10, 20, 0xff),
    browserSays.cutText('text of a clipboard'),
    browserSays.extendedCutText(Buffer.from('\x10\0\0\x01compressed')),
    browserSays.continuous,
    browserSays.fence('payload'),
    browserSays.xvp,
    browserSays.desktopSize(2),
    browserSays.extendedKey,
    browserSays.cutText(''),
    browserSays.ask(true),
  ];

  test('every message of noVNC goes on as it is, wherever it is divided', () => {
    const said = Buffer.concat([browserSays.hello, ...messages]);
    for (const pieces of divisions(said)) {
      let inputs = 0;
      const heard = through(fromBrowser(dialogueOf(true), { ...nobody, onInput: () => inputs++ }), pieces);
      expect(heard.equals(Buffer.concat(messages))).toBe(true);
      expect(inputs).toBe(3);
    }
  });

  test('without the rule for it nothing of a clipboard goes on, wherever it is divided', () => {
    const asking = browserSays.encodings(encoding.tight, encoding.extendedClipboard, encoding.cursor);
    const said = Buffer.concat([browserSays.hello, asking, ...messages]);
    const expected = Buffer.concat([
      browserSays.encodings(encoding.tight, encoding.cursor),
      ...messages.filter((message) => message[0] !== 6),
    ]);
    for (const pieces of divisions(said))
      expect(through(fromBrowser(dialogueOf(false), nobody), pieces).equals(expected)).toBe(true);
  });

  test('only encodings whose length is known are offered', () => {
    const all = [...Object.values(encoding), 21, 50, -316, -259, -305, 0x7fff_ffff, -512, -23, -32, -247, -256];
    const said = Buffer.concat([browserSays.hello, browserSays.encodings(...all)]);
    const kept = [...Object.values(encoding), -23, -32, -247, -256];
    const heard = through(fromBrowser(dialogueOf(true), nobody), [said]);
    expect(heard.equals(browserSays.encodings(...kept))).toBe(true);
  });

  test.each<[string, Buffer]>([
    ['an unknown message', Buffer.of(7)],
    ['another one', Buffer.of(253, 0, 0, 0)],
    ['another pixel format in the middle', Buffer.concat([browserSays.ask(false), browserSays.pixelFormat()])],
    ['a pixel format of no size', browserSays.pixelFormat(Buffer.alloc(16, 7))],
    ['too many encodings', Buffer.concat([Buffer.of(2, 0), u16(1_001)])],
    ['a fence that is too long', browserSays.fence('x'.repeat(65))],
    ['too many screens', browserSays.desktopSize(17)],
    ['an extended message that is no key', Buffer.of(255, 1, 0, 0)],
  ])('%s ends the session', (_, message) => {
    const grammar = fromBrowser(dialogueOf(true), nobody);
    const fault = faultOf(() => through(grammar, [browserSays.hello, message]));
    expect(fault).toMatchObject({ kind: 'unexpected', detail: expect.stringContaining('from the browser') });
  });

  test('what the endpoint does not know is not sent there, because it could take the rest for other messages', () => {
    const { continuous, fence, xvp, desktopSize, extendedKey, extendedCutText } = browserSays;
    for (const message of [continuous, fence('x'), xvp, desktopSize(), extendedKey, extendedCutText(Buffer.alloc(4))])
      expect(
        faultOf(() => through(fromBrowser(dialogueOf(true, []), nobody), [browserSays.hello, message])).detail,
      ).toContain('does not know');
  });

  test('another greeting or another security than None is refused', () => {
    for (const hello of ['RFB 003.003\n\x01\x01', 'RFB 003.008\n\x02\x01', 'GET / HTTP/1.1\r\n'])
      faultOf(() => through(fromBrowser(dialogueOf(true), nobody), [Buffer.from(hello, 'latin1')]));
  });

  test('a clipboard of any length is let through or left out, and longer than is taken left out with it on', () => {
    const long = browserSays.cutText('x'.repeat(1_048_577));
    for (const clipboard of [true, false]) {
      const heard = through(fromBrowser(dialogueOf(clipboard), nobody), [
        browserSays.hello,
        long,
        browserSays.ask(true),
      ]);
      expect(heard.equals(browserSays.ask(true))).toBe(true);
    }
    const most = browserSays.cutText('x'.repeat(1_048_576));
    const heard = through(fromBrowser(dialogueOf(true), nobody), [browserSays.hello, most]);
    expect(heard.length).toBe(most.length);
  });
});

describe('from the endpoint', () => {
  const fill = (bytes: number) => Buffer.alloc(bytes, 0x5a);
  const counted = (bytes: number) => Buffer.concat([u32(bytes), fill(bytes)]);
  /** As Tight writes a length. */
  const compact = (bytes: number) =>
    Buffer.concat([
      bytes < 128
        ? Buffer.of(bytes)
        : bytes < 16_384
          ? Buffer.of((bytes & 0x7f) | 0x80, bytes >> 7)
          : Buffer.of((bytes & 0x7f) | 0x80, ((bytes >> 7) & 0x7f) | 0x80, bytes >> 14),
      fill(bytes),
    ]);
  const tight = (width: number, height: number, ...parts: Buffer[]) =>
    rectangle(encoding.tight, width, height, Buffer.concat(parts));

  const rectangles: readonly Buffer[] = [
    rectangle(encoding.raw, 3, 2, fill(24)),
    rectangle(encoding.raw, 0, 9),
    rectangle(encoding.copyRect, 9, 9, fill(4)),
    rectangle(encoding.rre, 9, 9, Buffer.concat([u32(2), fill(4 + 24)])),
    // Three tiles: raw of 16 by 2, coloured sub-rectangles, and nothing but a background.
    rectangle(
      encoding.hextile,
      40,
      2,
      Buffer.concat([
        Buffer.of(1),
        fill(128),
        Buffer.of(2 | 8 | 16),
        fill(4),
        Buffer.of(3),
        fill(18),
        Buffer.of(2),
        fill(4),
      ]),
    ),
    rectangle(encoding.hextile, 4, 4, Buffer.concat([Buffer.of(2 | 4 | 8), fill(8), Buffer.of(2), fill(4)])),
    rectangle(encoding.zlib, 5, 5, counted(33)),
    rectangle(encoding.zrle, 5, 5, counted(0)),
    tight(9, 9, Buffer.of(0x80), fill(3)),
    tight(9, 9, Buffer.of(0x9f), compact(200)),
    rectangle(encoding.tightPng, 9, 9, Buffer.concat([Buffer.of(0xa0), compact(20_000)])),
    tight(3, 1, Buffer.of(0x00), fill(9)),
    tight(2, 2, Buffer.of(0x00), compact(12)),
    tight(11, 1, Buffer.of(0x40, 1, 7), fill(24), fill(11)),
    tight(12, 1, Buffer.of(0x40, 1, 7), fill(24), compact(12)),
    tight(9, 9, Buffer.of(0x10), compact(100)),
    tight(9, 9, Buffer.of(0x40, 0), compact(20)),
    tight(9, 9, Buffer.of(0x40, 1, 1), fill(6), compact(15)),
    tight(9, 1, Buffer.of(0x40, 1, 1), fill(6), fill(2)),
    tight(9, 9, Buffer.of(0x50, 1, 7), fill(24), compact(60)),
    tight(9, 9, Buffer.of(0x40, 2), compact(70)),
    rectangle(encoding.cursor, 9, 3, fill(9 * 3 * 4 + 6)),
    rectangle(encoding.vmwareCursor, 2, 2, Buffer.concat([Buffer.of(0, 0), fill(32)])),
    rectangle(encoding.vmwareCursor, 2, 2, Buffer.concat([Buffer.of(1, 0), fill(16)])),
    rectangle(encoding.desktopSize, 800, 600),
    rectangle(encoding.extendedDesktopSize, 800, 600, Buffer.concat([Buffer.of(2, 0, 0, 0), fill(32)])),
    rectangle(encoding.extendedKey, 0, 0),
    rectangle(encoding.lights, 0, 0, Buffer.of(2)),
    rectangle(encoding.desktopName, 0, 0, counted(11)),
  ];
  const openEnded = (...some: Buffer[]) =>
    Buffer.concat([Buffer.of(0, 0), u16(0xffff), ...some, rectangle(encoding.lastRect, 0, 0)]);
  const messages: readonly Buffer[] = [
    ...rectangles.map((one) => endpointSays.update(one)),
    endpointSays.update(...rectangles),
    openEnded(...rectangles.slice(0, 4)),
    endpointSays.update(),
    endpointSays.colours,
    endpointSays.bell,
    endpointSays.continuous,
    endpointSays.fence('payload'),
    endpointSays.xvp,
  ];
  const cut = [endpointSays.cutText('planted'), endpointSays.extendedCutText(Buffer.from('planted, too'))];

  test('every message and every encoding goes on as it is, and what stands between them is found', () => {
    for (const message of messages) {
      const said = Buffer.concat([...cut, message, ...cut, message]);
      expect(through(fromEndpoint(dialogueOf(true)), [said]).equals(said)).toBe(true);
      expect(through(fromEndpoint(dialogueOf(false)), [said]).equals(Buffer.concat([message, message]))).toBe(true);
    }
  });

  test('so it is wherever it is divided', () => {
    const short = messages.filter(({ length }) => length < 1_000);
    const said = Buffer.concat(short.flatMap((message) => [message, ...cut]));
    const expected = Buffer.concat(short);
    for (const pieces of divisions(said))
      expect(through(fromEndpoint(dialogueOf(false)), pieces).equals(expected)).toBe(true);
  });

  test('a text that looks like messages is left out whole, and pixels that look like text are not', () => {
    const tricky = endpointSays.cutText(Buffer.concat([endpointSays.bell, endpointSays.update()]).toString('latin1'));
    const drawn = endpointSays.update(rectangle(encoding.zrle, 5, 5, Buffer.concat([u32(tricky.length), tricky])));
    const said = Buffer.concat([tricky, drawn, tricky]);
    expect(through(fromEndpoint(dialogueOf(false)), [said]).equals(drawn)).toBe(true);
  });

  test('pixels of other sizes are counted as such', () => {
    for (const [format, each, packed] of [
      [Buffer.from('0808000100070007000300030600 0000'.replace(' ', ''), 'hex'), 1, 1],
      [Buffer.from('10100001001f003f001f0b0500000000', 'hex'), 2, 2],
      [Buffer.from('2020000100ff00ff00ff000810000000', 'hex'), 4, 4],
      [pixels, 4, 3],
    ] as const) {
      const dialogue = dialogueOf(false);
      const asks = Buffer.concat([browserSays.hello, browserSays.pixelFormat(format)]);
      through(fromBrowser(dialogue, nobody), [asks]);
      const drawn = endpointSays.update(
        rectangle(encoding.raw, 3, 2, fill(6 * each)),
        rectangle(encoding.rre, 3, 2, Buffer.concat([u32(1), fill(each + each + 8)])),
        tight(3, 1, Buffer.of(0x80), fill(packed)),
        tight(2, 1, Buffer.of(0), fill(2 * packed)),
      );
      const said = Buffer.concat([drawn, ...cut, drawn]);
      expect(through(fromEndpoint(dialogue), [said]).equals(Buffer.concat([drawn, drawn]))).toBe(true);
    }
  });

  test('what the endpoint shows that it knows is known', () => {
    const dialogue = dialogueOf(true, []);
    through(fromEndpoint(dialogue), [Buffer.concat([...messages, ...cut])]);
    expect([...dialogue.knows].sort()).toEqual([...every].sort());
    const without = dialogueOf(false, []);
    through(fromEndpoint(without), [Buffer.concat([...messages, ...cut])]);
    expect(without.knows.has('extended clipboard')).toBe(false);
  });

  test.each<[string, Buffer]>([
    ['an unknown message', Buffer.of(11)],
    ['an unknown encoding', endpointSays.update(rectangle(50, 1, 1))],
    ['a pointer of more buttons', endpointSays.update(rectangle(-316, 1, 1))],
    ['an unknown form of Tight', endpointSays.update(tight(9, 9, Buffer.of(0xb0)))],
    ['an unknown filter of Tight', endpointSays.update(tight(9, 9, Buffer.of(0x40, 3)))],
    ['an unknown cursor', endpointSays.update(rectangle(encoding.vmwareCursor, 1, 1, Buffer.of(2, 0)))],
  ])('%s ends the session', (_, said) => {
    const fault = faultOf(() => through(fromEndpoint(dialogueOf(false)), [said]));
    expect(fault).toMatchObject({ kind: 'unexpected', detail: expect.stringContaining('from the endpoint') });
  });

  test('noise never takes memory, and ends with a Fault or waits', () => {
    let state = 12_345;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      return state >> 16;
    };
    for (let round = 0; round < 300; round++) {
      const noise = Buffer.from(Array.from({ length: 2_000 }, () => random() & 0xff));
      const led = Buffer.concat([messages[random() % messages.length] ?? Buffer.alloc(0), noise]);
      for (const grammar of [fromEndpoint(dialogueOf(false)), fromBrowser(dialogueOf(false), nobody)])
        try {
          const hello = round % 2 === 0 ? browserSays.hello : Buffer.alloc(0);
          expect(through(grammar, [hello, led]).length).toBeLessThanOrEqual(led.length + hello.length);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
    }
  });
});
