import { FilterParser, PagedResultsControl, SearchRequest } from 'ldapts';
import { describe, expect, test } from 'vitest';
import { filterValue } from '../src/index.ts';
import { parseMessage } from '../src/ldap/answer.ts';
import { Malformed } from '../src/ldap/ber.ts';
import { toControllers } from '../src/ldap/controller.ts';
import { dirSyncState, pageCookie } from '../src/ldap/controls.ts';
import { toFilter } from '../src/ldap/filter.ts';
import { createFrames, TooLarge } from '../src/ldap/frames.ts';
import { rangeOf, wholeEntry } from '../src/ldap/ranges.ts';

/** Numbers that are the same in every run (mulberry32). */
const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
};

const element = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  // In five bytes, as Active Directory writes lengths.
  const head = Buffer.from([tag, 0x84, 0, 0, 0, 0]);
  head.writeUInt32BE(content.length, 2);
  return Buffer.concat([head, content]);
};
const text = (value: string, tag = 0x04) => element(tag, Buffer.from(value));
const number = (value: number, tag = 0x02) => element(tag, Buffer.from([value]));
const attribute = (name: string, ...values: readonly Uint8Array[]) =>
  element(0x30, text(name), element(0x31, ...values.map((value) => element(0x04, value))));
const entry = element(
  0x30,
  number(2),
  element(
    0x64,
    text('CN=Ada,DC=corp,DC=example'),
    element(
      0x30,
      attribute('objectGUID', Buffer.from([0, 255, 128])),
      attribute('Member', Buffer.from('a'), Buffer.alloc(0)),
    ),
  ),
);
const pageOid = '1.2.840.113556.1.4.319';
const done = (value: Uint8Array) =>
  element(
    0x30,
    number(2),
    element(0x65, number(0, 0x0a), text(''), text('fine'), element(0xa3, text('ldap://dc2/'))),
    element(0xa0, element(0x30, text(pageOid), element(0x01, Buffer.from([0])), element(0x04, value))),
  );
const reference = element(0x30, number(2), element(0x73, text('ldap://dc2/DC=x')));

describe('a message', () => {
  test('of an entry has its values as bytes, under names in lower case', () => {
    const message = parseMessage(entry);
    expect(message).toMatchObject({ id: 2, kind: 'entry', entry: { dn: 'CN=Ada,DC=corp,DC=example' } });
    if (message.kind !== 'entry') throw new Error('no entry');
    expect([...message.entry.attributes]).toEqual([
      ['objectguid', [Buffer.from([0, 255, 128])]],
      ['member', [Buffer.from('a'), Buffer.alloc(0)]],
    ]);
  });

  test('of a result has code, words, referrals and controls', () => {
    const cookie = element(0x30, number(0), text('more'));
    const message = parseMessage(done(cookie));
    if (message.kind !== 'result') throw new Error('no result');
    expect(message.result).toMatchObject({ code: 0, diagnostic: 'fine', referrals: ['ldap://dc2/'] });
    expect(pageCookie(message.result.controls).toString()).toBe('more');
    expect(dirSyncState(message.result.controls)).toBeNull();
    expect(parseMessage(reference)).toEqual({ id: 2, kind: 'reference', urls: ['ldap://dc2/DC=x'] });
  });

  test('with any byte changed, cut or added is read or refused as malformed, at once and nothing else', () => {
    const random = seeded(4);
    const originals = [entry, done(element(0x30, number(0), text('more'))), reference];
    let read = 0;
    const begun = performance.now();
    for (let i = 0; i < 60_000; i++) {
      const bytes = Buffer.from(originals[i % originals.length] ?? entry);
      for (let change = 0; change <= random() * 4; change++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = random() < 0.3 ? 0xff : Math.floor(random() * 256);
      }
      const cut = random() < 0.2 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      try {
        const message = parseMessage(cut);
        if (message.kind === 'result') pageCookie(message.result.controls);
        read++;
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }
    expect(read).toBeGreaterThan(1_000);
    expect(performance.now() - begun).toBeLessThan(20_000);
  });

  test('made of random bytes is refused as malformed', () => {
    const random = seeded(7);
    for (let i = 0; i < 20_000; i++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256)));
      expect(() => parseMessage(bytes)).toThrow(Malformed);
    }
  });

  test('that claims more bytes than there are ends, though the parser of ldapts would not', () => {
    // An attribute list of 127 bytes in a message of fourteen.
    expect(() => parseMessage(Buffer.from('300c0201026407040161307f3000', 'hex'))).toThrow(Malformed);
  });

  test('with more values than any directory has is refused before they fill the memory', () => {
    const values = Buffer.alloc(2 * 600_000);
    for (let at = 0; at < values.length; at += 2) values[at] = 0x04;
    const list = element(0x30, text('member'), element(0x31, values));
    expect(() => parseMessage(element(0x30, number(2), element(0x64, text('CN=x'), element(0x30, list))))).toThrow(
      Malformed,
    );
  });
});

describe('a stream of bytes', () => {
  test('gives the same messages however it is cut into packets', () => {
    const random = seeded(11);
    const messages = [entry, reference, done(Buffer.alloc(70_000)), entry, entry];
    const stream = Buffer.concat(messages);
    for (let round = 0; round < 200; round++) {
      const frames = createFrames(1_000_000);
      const found: Buffer[] = [];
      for (let at = 0; at < stream.length; ) {
        const size = 1 + Math.floor(random() * (round < 20 ? 3_000 : 30_000));
        found.push(...frames.push(stream.subarray(at, at + size)));
        at += size;
      }
      expect(found.map((one) => one.toString('hex'))).toEqual(messages.map((one) => one.toString('hex')));
      expect(frames.held()).toBe(0);
    }
  });

  test('is refused at its first byte where it is no LDAP, and at its head where a message is too large', () => {
    expect(() => [...createFrames(1_000).push(Buffer.from('HTTP/1.1 400'))]).toThrow(Malformed);
    expect(() => [...createFrames(1_000).push(Buffer.from('308400100000', 'hex'))]).toThrow(TooLarge);
    expect(() => [...createFrames(1_000).push(Buffer.from('308500000000', 'hex'))]).toThrow(Malformed);
    expect(() => [...createFrames(1_000).push(Buffer.from('3080', 'hex'))]).toThrow(Malformed);
  });

  test.each([
    [32 * 1024 * 1024, 1_400],
    [1024 * 1024, 1],
  ])('of a message of %i bytes in packets of %i costs what it has bytes, not packets times bytes', (size, packet) => {
    const frames = createFrames(64 * 1024 * 1024);
    const large = element(0x30, Buffer.alloc(size));
    const begun = performance.now();
    let count = 0;
    for (let at = 0; at < large.length; at += packet) count += [...frames.push(large.subarray(at, at + packet))].length;
    expect(count).toBe(1);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('a filter', () => {
  const bytesOf = (filter: Parameters<typeof written>[0]) => written(filter).toString('hex');
  const written = (filter: SearchRequest['filter']) => new SearchRequest({ messageId: 1, filter }).write();

  test.each([
    '(objectClass=*)',
    '(&(objectClass=user)(!(cn=a*b*c))(|(uSNChanged>=5)(uSNChanged<=7)))',
    '(userAccountControl:1.2.840.113556.1.4.803:=2)',
    'cn=x',
  ])('%s is sent as ldapts sends it', (filter) => {
    expect(bytesOf(toFilter(filter))).toBe(bytesOf(FilterParser.parseString(filter)));
  });

  test('carries every byte of a value, and text as UTF-8', () => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    expect(bytesOf(toFilter(`(objectGUID=${filterValue(every)})`))).toContain(every.toString('hex'));
    expect(bytesOf(toFilter('(cn=Jörg 王)'))).toContain(Buffer.from('Jörg 王').toString('hex'));
    expect(bytesOf(toFilter(`(cn=*${filterValue('Jörg')}*)`))).toContain(Buffer.from('Jörg').toString('hex'));
  });

  test('cannot be extended by a value', () => {
    const value = 'x)(|(objectClass=*\\2a\0';
    expect(bytesOf(toFilter(`(cn=${filterValue(value)})`))).toContain(Buffer.from(value).toString('hex'));
  });

  test('does not disturb the controls behind it', () => {
    const controls = [new PagedResultsControl({ value: { size: 5, cookie: Buffer.from('c') } })];
    const request = new SearchRequest({ messageId: 1, filter: toFilter('(cn=ä)'), controls }).write();
    expect(request.toString('latin1')).toContain(pageOid);
  });
});

describe('ranges', () => {
  const first = (name: string) => ({ dn: 'CN=g', attributes: new Map([[name, [Buffer.from('a')]]]) });

  test.each([
    ['member;range=0-1499', { name: 'member', from: 0, to: 1_499 }],
    ['member;range=1500-*', { name: 'member', from: 1_500, to: null }],
    ['member', null],
    ['member;range=x-1', null],
    ['member;range=99999999999-*', null],
  ])('%s is understood', (name, expected) => expect(rangeOf(name)).toEqual(expected));

  test('that never end, stand still or go back end all the same, and are not called whole', async () => {
    for (const next of ['member;range=0-0', 'member;range=5-5', 'member;range=1-0', 'other;range=1-*']) {
      const whole = await wholeEntry(first('member;range=0-0'), async () => first(next), 1_000);
      expect(whole).toMatchObject({ entry: { incomplete: ['member'] } });
    }
    let asked = 0;
    const endless = async (_dn: string, _name: string, from: number) => {
      asked++;
      return first(`member;range=${from}-${from}`);
    };
    expect(await wholeEntry(first('member;range=0-0'), endless, 1_000)).toBe('too large');
    expect(await wholeEntry(first('member;range=0-0'), endless, 1e12)).toMatchObject({
      entry: { incomplete: ['member'] },
    });
    expect(asked).toBeLessThan(25_000);
  });

  test('that somebody asked for by number are left as they came', async () => {
    const whole = await wholeEntry(first('member;range=1500-1500'), async () => null, 1_000);
    expect(whole).toMatchObject({
      entry: { incomplete: [], attributes: new Map([['member;range=1500-1500', [Buffer.from('a')]]]) },
    });
  });
});

test.each([
  [
    'ldaps://DC1.corp.example',
    { name: 'dc1.corp.example:636', host: 'dc1.corp.example', port: 636, encryption: 'tls' },
  ],
  ['ldap://dc1:3268/', { name: 'dc1:3268', host: 'dc1', port: 3268, encryption: 'startTls' }],
  ['ldaps://[::1]:6360', { name: '[::1]:6360', host: '::1', port: 6360, encryption: 'tls' }],
])('the address %s is one', (url, expected) => expect(toControllers('AD', [url])).toEqual([expected]));
