import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { derElement, derInteger, Malformed } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import { browserSide, type Session } from './browser-side.ts';
import { answer, cleanPathLength, isRequest, refusal } from './clean-path.ts';
import { rewriteClientInfo } from './client-info.ts';
import { rewriteInitial } from './connect-sequence.ts';
import { framesOf, NoFrame, pduLength } from './frames.ts';
import { hostSide } from './host-side.ts';
import { dataRequest } from './mcs.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

/** As IronRDP 0.7 writes it, with the channels given. */
const initial = (channels: readonly string[] = ['cliprdr', 'drdynvc'], more: Buffer = Buffer.alloc(0)): Buffer => {
  const core = Buffer.alloc(234);
  core.writeUInt16LE(0xc001, 0);
  core.writeUInt16LE(core.length, 2);
  core.writeUInt32LE(1, 212);
  const network = Buffer.alloc(8 + channels.length * 12);
  network.writeUInt16LE(0xc003, 0);
  network.writeUInt16LE(network.length, 2);
  network.writeUInt32LE(channels.length, 4);
  for (const [i, name] of channels.entries()) network.write(name, 8 + i * 12, 8, 'latin1');
  const blocks = Buffer.concat([core, hex('02c00c000000000000000000'), network, more]);
  const per = (length: number) => Buffer.from([0x80 | (length >> 8), length & 0xff]);
  const inside = Buffer.concat([hex('000800100001c00044756361'), per(blocks.length), blocks]);
  const envelope = Buffer.concat([hex('000500147c0001'), per(inside.length), inside]);
  const parameters = derElement(0x30, derInteger(34), derInteger(2));
  const body = Buffer.concat([
    ...[derElement(4, hex('01')), derElement(4, hex('01')), derElement(1, hex('ff'))],
    ...[parameters, parameters, parameters, derElement(4, envelope)],
  ]);
  const whole = Buffer.concat([hex('03000000 02f080 7f65'), derElement(0x30, body).subarray(1)]);
  whole.writeUInt16BE(whole.length, 2);
  return whole;
};

/** The real one, as the browser sent it to xrdp. */
const real = hex(
  '0300019f02f0807f658201930401010401010101ff301a020122020102020100020101020100020101020300ffff0201023019020101020101020101020101020100020101020204200201023020020300ffff020300fc17020300ffff020101020100020101020300ffff0201020482012d000500147c00018122000800100001c00044756361811601c0ea0004000800e8034c0201ca03aa0000000000000000690072006f006e007200640070002d007700650062000000000000000000000004000000000000000c0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001ca01000000000010000f0029080000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006000100000000000000000000000000000000000000000002c00c00000000000000000003c0200002000000636c69707264720000008000647264796e76630000008000',
);

/** The sign-in of a client: what it wrote for the five texts, and something behind. */
const info = (texts: readonly string[], flags = 0x0001_0011, behind = Buffer.from('behind it')): Buffer => {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(0x40);
  head.writeUInt32LE(0x409, 4);
  head.writeUInt32LE(flags >>> 0, 8);
  for (const [i, text] of texts.entries()) head.writeUInt16LE(text.length * 2, 12 + i * 2);
  return Buffer.concat([head, ...texts.flatMap((text) => [utf16(text), Buffer.alloc(2)]), behind]);
};
const read = (data: Buffer) => {
  let at = 22;
  const texts = Array.from({ length: 5 }, (_, i) => {
    const length = data.readUInt16LE(12 + i * 2);
    const text = data.toString('utf16le', at, at + length);
    expect(data.readUInt16LE(at + length)).toBe(0);
    at += length + 2;
    return text;
  });
  return { flags: data.readUInt32LE(8), texts, behind: data.toString('latin1', at) };
};

const account = { username: 'Dörte Müller', domain: 'KÖLN', password: 'pläntéd 🔑 пароль' };

describe('the sign-in of a browser', () => {
  test('carries the account in place of every placeholder there may be, and keeps what is behind', () => {
    for (let length = 0; length <= 255; length++)
      for (const texts of [
        ['x'.repeat(length), 'person', 'none', '', ''],
        ['', 'x'.repeat(length), 'none', '', ''],
        ['', 'person', 'x'.repeat(length), '', ''],
        ['d', 'person', 'none', 'x'.repeat(length), 'C:\\'],
      ]) {
        const { texts: written, behind } = read(rewriteClientInfo(info(texts), account));
        expect(written).toEqual([account.domain, account.username, account.password, '', '']);
        expect(behind).toBe('behind it');
      }
  });

  test.each([
    ['no domain', { ...account, domain: '' }],
    ['an address for a name', { ...account, username: 'dora@corp.example', domain: '' }],
    ['a password of one letter', { ...account, password: 'p' }],
    ['no password', { ...account, password: '' }],
    ['a password of 255 letters', { ...account, password: 'ß'.repeat(255) }],
  ])('takes %s', (_, other) => {
    expect(read(rewriteClientInfo(info(['', 'person', 'none', '', '']), other)).texts.slice(0, 3)).toEqual([
      ...[other.domain, other.username, other.password],
    ]);
  });

  test('asks to be let in at once, and with a password, whatever the browser asked', () => {
    const { flags } = read(rewriteClientInfo(info(['', 'person', 'none', '', ''], 0x0014_0010), account));
    expect(flags).toBe(0x18);
  });

  test('is refused where it does not hold together, and where the account does not fit', () => {
    const whole = info(['', 'person', 'none', '', ''], undefined, Buffer.alloc(0));
    for (let length = 0; length < whole.length; length++)
      expect(() => rewriteClientInfo(whole.subarray(0, length), account)).toThrow(NoFrame);
    expect(() => rewriteClientInfo(info(['', 'person', 'none', '', ''], 1), account)).toThrow(NoFrame);
    expect(() => rewriteClientInfo(whole, { ...account, password: 'x'.repeat(256) })).toThrow(Fault);
  });
});

describe('the first message of a browser', () => {
  const mayHave = (name: string) => name === 'drdynvc';

  test.each([
    ['as IronRDP writes it', real],
    ['as it ought to be', initial()],
  ])('%s: tells the protocol that was chosen, and asks for no channel that may not be', (_, frame) => {
    const { frame: rewritten, channels } = rewriteInitial(frame, 8, mayHave);
    expect(channels).toEqual([
      { name: 'cliprdr', isOpen: false },
      { name: 'drdynvc', isOpen: true },
    ]);
    expect(rewritten.length).toBe(frame.length);
    expect(rewritten.includes('cliprdr')).toBe(false);
    expect(rewritten.includes('closed0\0')).toBe(true);
    expect(rewritten.includes('drdynvc')).toBe(true);
    const core = rewritten.indexOf(hex('01c0ea00'));
    expect(rewritten.readUInt32LE(core + 212)).toBe(8);
  });

  test('gets no other channel by writing its name otherwise', () => {
    for (const name of ['CLIPRDR', 'ClipRdr', 'rdpdr', 'rdpsnd', 'drdynvc2', '', 'rail'])
      expect(rewriteInitial(initial([name]), 1, mayHave).channels[0]?.isOpen).toBe(false);
  });

  test('is refused where it can be read in two ways, or in none', () => {
    const second = hex('03c01400 01000000 636c697072647200 00000080');
    expect(() => rewriteInitial(initial(['drdynvc'], second), 1, mayHave)).toThrow(NoFrame);
    const list = initial(['drdynvc']);
    const network = list.indexOf(hex('03c0'));
    list.writeUInt32LE(2, network + 4);
    expect(() => rewriteInitial(list, 1, mayHave)).toThrow(NoFrame);
    for (const frame of [real, initial()])
      for (let length = 8; length < frame.length; length++)
        expect(() => rewriteInitial(frame.subarray(0, length), 1, mayHave)).toThrow();
  });

  test('never lets a closed channel through, however it is garbled', () => {
    for (let i = 0; i < 2_000; i++) {
      const noise = createHash('sha256').update(String(i)).digest();
      const garbled = Buffer.from(real);
      for (let n = 0; n < 3; n++) garbled[noise.readUInt16LE(n * 4) % garbled.length] = noise[n * 4 + 2] ?? 0;
      try {
        const { frame, channels } = rewriteInitial(garbled, 1, mayHave);
        for (const { name, isOpen } of channels) expect(isOpen).toBe(name.toLowerCase() === 'drdynvc');
        const network = frame.indexOf(hex('03c0'));
        if (channels.length > 0)
          expect(frame.subarray(network).toString('latin1').toLowerCase()).not.toContain('cliprdr');
      } catch (error) {
        expect(error instanceof NoFrame || error instanceof Malformed).toBe(true);
      }
    }
  });
});

const createSession = (): Session => ({ asked: [], main: null, closed: new Set(), dynamic: null });
/** An answer to the first message: the host's own channel is 1003, the others follow. */
const response = (count: number) => {
  const network = Buffer.alloc(8 + count * 2);
  network.writeUInt16LE(0x0c03, 0);
  network.writeUInt16LE(network.length, 2);
  network.writeUInt16LE(1003, 4);
  network.writeUInt16LE(count, 6);
  for (let i = 0; i < count; i++) network.writeUInt16LE(1004 + i, 8 + i * 2);
  const whole = Buffer.concat([
    hex('03000000 02f080 7f66 00'),
    Buffer.from('McDn'),
    Buffer.from([network.length]),
    network,
  ]);
  whole.writeUInt16BE(whole.length, 2);
  return whole;
};
/** Bytes of the host on a channel. */
const indication = (channel: number, data: Buffer) => {
  const frame = dataRequest(1001, channel, data);
  frame[7] = 0x68;
  return frame;
};
const share = (kind: number, body: Buffer) => {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(6 + body.length, 0);
  head.writeUInt16LE(0x10 | kind, 2);
  return Buffer.concat([head, body]);
};
const shareData = (kind: number, body: Buffer) =>
  share(7, Buffer.concat([Buffer.alloc(8), Buffer.from([kind, 0, 0, 0]), body]));

const bothSides = (mayHave: (name: string) => boolean = (name) => name === 'drdynvc') => {
  const session = createSession();
  const seen = { inputs: 0, desktops: 0 };
  const browser = browserSide({
    ...{ session, protocol: 2, account, mayHave },
    onInput: () => {
      seen.inputs++;
    },
  });
  const host = hostSide({
    ...{ session, name: 'Desk' },
    onDesktop: () => {
      seen.desktops++;
    },
  });
  return { session, browser, host, seen };
};
/** Past the sign-in. */
const opened = (mayHave?: (name: string) => boolean) => {
  const sides = bothSides(mayHave);
  sides.browser.pass(initial());
  sides.host.pass(response(2));
  const signIn = sides.browser.pass(dataRequest(1007, 1003, info(['', 'person', 'none', '', ''])));
  return { ...sides, signIn };
};

describe('what a browser sends', () => {
  test('becomes the sign-in with the account, in a message whose lengths are all right', () => {
    const { signIn } = opened();
    if (signIn === null) throw new Error('nothing was sent');
    expect(signIn.readUInt16BE(2)).toBe(signIn.length);
    expect(signIn.readUInt16BE(13) & 0x7fff).toBe(signIn.length - 15);
    expect(read(signIn.subarray(15)).texts.slice(0, 3)).toEqual([account.domain, account.username, account.password]);
  });

  test.each([
    ['another first message', [hex('0300000c02f0800401000100')]],
    ['input before the sign-in', [initial(), hex('4406 0000 1e 00')]],
    ['data before the sign-in', [initial(), dataRequest(1007, 1003, share(7, Buffer.alloc(20)))]],
    ['the sign-in on another channel', [initial(), dataRequest(1007, 1005, info(['', 'a', 'b', '', '']))]],
    ['a second first message', [initial(), initial()]],
  ])('is refused as %s', (_, frames) => {
    const { browser, host } = bothSides();
    expect(() => {
      for (const [i, frame] of frames.entries()) {
        browser.pass(frame);
        if (i === 0) host.pass(response(2));
      }
    }).toThrow(NoFrame);
  });

  test('goes nowhere on a channel that may not be, in both directions', () => {
    const closed = opened();
    expect(closed.browser.pass(dataRequest(1007, 1004, Buffer.from('clipboard')))).toBeNull();
    expect(closed.host.pass(indication(1004, Buffer.from('clipboard')))).toBeNull();
    expect(closed.browser.pass(dataRequest(1007, 1005, Buffer.from('dynamic')))).not.toBeNull();
    const open = opened(() => true);
    expect(open.browser.pass(dataRequest(1007, 1004, Buffer.from('clipboard')))).not.toBeNull();
  });

  test.each([
    ['a key', '04 04 00 1e', 1],
    ['the pointer', '04 09 20 0008 0000 1000 1000', 1],
    ['the locks alone', '04 03 60', 0],
    ['the locks and a key', '08 05 60 00 1e', 1],
    ['several keys, counted behind', '00 06 02 001e 011e', 1],
  ])('counts %s as input or not', (_, text, inputs) => {
    const { browser, seen } = opened();
    const frame = hex(text);
    expect(browser.pass(frame)).toBe(frame);
    expect(seen.inputs).toBe(inputs);
  });

  test('counts input in the long form, too, and not what a client tells of itself', () => {
    const { browser, seen } = opened();
    const slow = (kind: number) =>
      Buffer.concat([Buffer.from([1, 0, 0, 0]), Buffer.alloc(4), Buffer.from([kind, 0]), Buffer.alloc(6)]);
    browser.pass(dataRequest(1007, 1003, shareData(28, slow(0))));
    browser.pass(dataRequest(1007, 1003, shareData(33, slow(4))));
    expect(seen.inputs).toBe(0);
    browser.pass(dataRequest(1007, 1003, shareData(28, slow(4))));
    expect(seen.inputs).toBe(1);
  });
});

describe('what a host sends', () => {
  const redirection = Buffer.concat([Buffer.alloc(2), hex('0004 0000 00000000 00000000'), utf16(account.password)]);

  test('never sends a browser on, with a password or without', () => {
    for (const frame of [
      indication(1003, share(0xa, redirection)),
      indication(1003, Buffer.concat([hex('0004 0000'), redirection])),
    ])
      expect(() => opened().host.pass(frame)).toThrow(expect.objectContaining({ kind: 'unsupported' }));
    const { host } = opened();
    host.pass(indication(1003, share(1, Buffer.alloc(20))));
    const behind = Buffer.concat([shareData(0x1f, Buffer.alloc(4)), share(0xa, redirection)]);
    expect(() => host.pass(indication(1003, behind))).toThrow(expect.objectContaining({ kind: 'unsupported' }));
  });

  test('is passed on as it is: licences, pictures, and messages of any length', () => {
    const { host, seen } = opened();
    const licence = indication(1003, Buffer.concat([hex('8000 0000'), Buffer.alloc(40)]));
    expect(host.pass(licence)).toBe(licence);
    host.pass(indication(1003, share(1, Buffer.alloc(20))));
    for (let length = 20; length < 3_000; length += 7) {
      const frame = indication(1003, shareData(2, Buffer.alloc(length)));
      expect(host.pass(frame)).toBe(frame);
    }
    const picture = hex('00 8006 010203');
    expect(host.pass(picture)).toBe(picture);
    host.pass(indication(1003, shareData(0x28, Buffer.alloc(8))));
    expect(seen.desktops).toBe(1);
  });

  test('opens only those channels that come and go that are known', () => {
    const { host } = opened();
    const create = (name: string) =>
      indication(1005, Buffer.concat([hex('14000000 03000000 10 01'), Buffer.from(`${name}\0`)]));
    expect(host.pass(create('Microsoft::Windows::RDS::DisplayControl'))).not.toBeNull();
    for (const name of ['URBDRC', 'RDCamera_Device_Enumerator', 'AUDIO_INPUT', 'CLIPRDR', ''])
      expect(host.pass(create(name))).toBeNull();
  });

  test.each([
    [0, null],
    [3, null],
    [12, null],
    [7, 'forbidden'],
    [9, 'forbidden'],
    [10, 'unauthorized'],
    [0x102, 'forbidden'],
    [0x10d1, 'unexpected'],
  ])('tells by %i why it ends', (code, kind) => {
    const { host } = opened();
    host.pass(indication(1003, share(1, Buffer.alloc(20))));
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(code);
    host.pass(indication(1003, shareData(0x2f, bytes)));
    expect(host.fault()?.kind ?? null).toBe(kind);
  });
});

describe('RDCleanPath', () => {
  const request = derElement(
    0x30,
    derElement(0xa0, derInteger(3_390)),
    derElement(0xa2, derElement(0x0c, Buffer.from('elsewhere.example:22'))),
    derElement(0xa3, derElement(0x0c, Buffer.from('none'))),
    derElement(0xa6, derElement(0x04, hex('030000130ee00000000000 0100080001000000'))),
  );

  test('a request is one, of this version, and not too long', () => {
    expect(cleanPathLength(request)).toBe(request.length);
    expect(isRequest(request)).toBe(true);
    const other = Buffer.from(request);
    other[7] = 0x3f;
    expect(isRequest(other)).toBe(false);
    expect(() => cleanPathLength(hex('30847fffffff'))).toThrow(NoFrame);
    expect(() => cleanPathLength(Buffer.from('GET / HTTP/1.1'))).toThrow(NoFrame);
  });

  test('an answer holds no address of the host', () => {
    expect(answer(hex('0300'), [hex('3000')]).toString('latin1')).toContain('127.0.0.1:3389');
    expect(refusal(401).toString('hex')).toBe('3015a00402020d3ea10d300ba003020101a10402020191');
  });
});

test('messages come whole out of bytes that come in pieces of any size, and what is none ends it', async () => {
  const messages = [hex('0300000802f08021'), hex('04 04 00 1e'), hex('00 8006 010203'), hex('0300000902f0800102')];
  const bytes = Buffer.concat(messages);
  for (let size = 1; size <= bytes.length; size++) {
    const stream = new PassThrough();
    for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
    stream.end();
    const frames = framesOf(stream);
    const found: Buffer[] = [];
    for (let frame = await frames.next(pduLength); frame !== null; frame = await frames.next(pduLength))
      found.push(frame);
    expect(found).toEqual(messages);
  }
  for (const none of ['03000004', '0300', '01', '0002', '0401'])
    if (none !== '0300') expect(() => pduLength(hex(none))).toThrow(NoFrame);
});
