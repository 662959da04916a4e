import { describe, expect, test } from 'vitest';
import { bitNames, decode } from './decode.ts';
import { openRandom } from './descriptor/test/random.ts';
import { filetimeToDate, generalizedTimeToDate } from './filetime.ts';
import { filterBytes, guidBytes, guidText } from './guid.ts';
import { sidBytes, sidText } from './sid.ts';
import { userAccountControl } from './user-account-control.ts';

describe('a SID', () => {
  test('is the text that Windows writes, and its bytes come back', () => {
    const bytes = Buffer.from('0105000000000005150000009b1311951f9783833186c752ee020000', 'hex');
    const domain = Buffer.from('0104000000000005150000009b1311951f97833186c752ee', 'hex');
    expect(sidText(Buffer.from('010100000000000512000000', 'hex'))).toBe('S-1-5-18');
    expect(sidText(Buffer.from('01020000000000052000000020020000', 'hex'))).toBe('S-1-5-32-544');
    for (const one of [bytes, domain]) expect(sidBytes(sidText(one) ?? '')).toEqual(new Uint8Array(one));
    expect(sidText(Buffer.from('0100ffffffffffff', 'hex'))).toBe('S-1-0xffffffffffff');
    expect(sidBytes('S-1-0xffffffffffff')).toEqual(Uint8Array.from([1, 0, 255, 255, 255, 255, 255, 255]));
  });

  test('of any authority and any sub-authorities goes to text and back', () => {
    const random = openRandom(11);
    for (let round = 0; round < 2000; round++) {
      const bytes = new Uint8Array(8 + 4 * random(16)).map(() => random(256));
      bytes[0] = 1;
      bytes[1] = (bytes.length - 8) / 4;
      expect(sidBytes(sidText(bytes) ?? '')).toEqual(bytes);
    }
  });

  test('that is cut, too long or of another revision is null, at any offset', () => {
    const sid = Buffer.from('010100000000000512000000', 'hex');
    for (let length = 0; length < sid.length; length++) expect(sidText(sid.subarray(0, length))).toBeNull();
    for (const offset of [-1, 2, 12, 1e9, Number.NaN]) expect(sidText(sid, offset)).toBeNull();
    expect(sidText(Buffer.concat([Buffer.from([1, 16]), Buffer.alloc(100)]))).toBeNull();
    expect(sidText(Buffer.from('020100000000000512000000', 'hex'))).toBeNull();
    for (const text of [
      '',
      'S-1',
      'S-2-5-18',
      'S-1-5-',
      'S-1-5-4294967296',
      'S-1-281474976710656',
      `S-1-5${'-1'.repeat(16)}`,
    ])
      expect(sidBytes(text), text).toBeNull();
  });
});

describe('a GUID', () => {
  test('is little-endian in its first three fields, in text, bytes and filters', () => {
    const bytes = Buffer.from('bf9679c00de611d0a28500aa003049e2', 'hex');
    const little = Buffer.from('c07996bfe60dd011a28500aa003049e2', 'hex');
    const text = 'bf9679c0-0de6-11d0-a285-00aa003049e2';
    expect(guidText(little)).toBe(text);
    expect(guidText(Buffer.concat([bytes, little]), 16)).toBe(text);
    for (const form of [text, text.toUpperCase(), `{${text}}`]) expect(guidBytes(form)).toEqual(new Uint8Array(little));
    expect(filterBytes(little)).toBe('\\c0\\79\\96\\bf\\e6\\0d\\d0\\11\\a2\\85\\00\\aa\\00\\30\\49\\e2');
  });

  test('that is none is null', () => {
    expect(guidText(new Uint8Array(15))).toBeNull();
    expect(guidText(new Uint8Array(16), 1)).toBeNull();
    expect(guidText(new Uint8Array(16), -1)).toBeNull();
    for (const text of [
      '',
      'bf9679c0',
      '{bf9679c0-0de6-11d0-a285-00aa003049e2',
      'bf9679c0-0de6-11d0-a285-00aa003049eg',
    ])
      expect(guidBytes(text), text).toBeNull();
  });
});

describe('a FILETIME', () => {
  test('is a time in text, as a number and in bytes', () => {
    const expected = new Date('2024-01-03T13:11:55.312Z');
    expect(filetimeToDate('133487611153124078')).toEqual(
      new Date(Number(133_487_611_153_124_078n / 10_000n) - 11_644_473_600_000),
    );
    const steps = BigInt(expected.getTime() + 11_644_473_600_000) * 10_000n;
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, steps, true);
    for (const form of [steps, String(steps), bytes]) expect(filetimeToDate(form)).toEqual(expected);
    expect(filetimeToDate(116_444_736_000_000_000n)).toEqual(new Date(0));
  });

  test('of 0, of the largest number and of an interval is never', () => {
    for (const text of ['0', '9223372036854775807', '-864000000000', '', 'never', '1e9', '1.5'])
      expect(filetimeToDate(text), text).toBeNull();
    for (const length of [0, 7, 9]) expect(filetimeToDate(new Uint8Array(length).fill(1))).toBeNull();
    expect(filetimeToDate(Uint8Array.from([255, 255, 255, 255, 255, 255, 255, 127]))).toBeNull();
  });
});

describe('a GeneralizedTime', () => {
  test.each([
    ['20240103131155.0Z', '2024-01-03T13:11:55.000Z'],
    ['20240229235959.25Z', '2024-02-29T23:59:59.250Z'],
    ['202401031311Z', '2024-01-03T13:11:00.000Z'],
    ['2024010313.5Z', '2024-01-03T13:30:00.000Z'],
    ['20240103131155,5+0130', '2024-01-03T11:41:55.500Z'],
    ['20240103131155-08', '2024-01-03T21:11:55.000Z'],
  ])('%s is %s', (text, iso) => {
    expect(generalizedTimeToDate(text)?.toISOString()).toBe(iso);
  });

  test.each([
    '16010101000000.0Z',
    '',
    '20230229000000Z',
    '20241303000000Z',
    '20240103250000Z',
    '20240103131155',
    '2024-01-03T13:11:55Z',
    'x',
  ])('%s is never or no time', (text) => {
    expect(generalizedTimeToDate(text)).toBeNull();
  });
});

test('the bits of a number have the names of Microsoft, and unknown ones their number', () => {
  const control = (value: number) => bitNames(value, { bits: userAccountControl });
  expect(control(0x200)).toEqual(['NORMAL_ACCOUNT']);
  expect(control(0x1_0202)).toEqual(['ACCOUNTDISABLE', 'NORMAL_ACCOUNT', 'DONT_EXPIRE_PASSWORD']);
  expect(control(0x100_0000 | 0x40_0000)).toEqual(['DONT_REQ_PREAUTH', 'TRUSTED_TO_AUTH_FOR_DELEGATION']);
  expect(control(-0x8000_0000 | 0x4)).toEqual(['0x4', '0x80000000']);
  expect(control(0)).toEqual([]);
});

test('what attributes hold as numbers and identifiers is told in words', () => {
  const values = {
    groupType: '-2147483646',
    trustAttributes: '8',
    trustDirection: '3',
    'msDS-SupportedEncryptionTypes': '28',
    'msPKI-Certificate-Name-Flag': '-2113929215',
    'msPKI-Private-Key-Flag': '84279312',
    pKIExtendedKeyUsage: '1.3.6.1.5.5.7.3.2',
    'msDS-Behavior-Version': '7',
    adminCount: '1',
  };
  const attributes = new Map(Object.entries(values).map(([name, text]) => [name.toLowerCase(), [Buffer.from(text)]]));
  expect(decode({ dn: '', attributes, incomplete: [] }, Object.keys(values))).toEqual({
    groupType: ['ACCOUNT_GROUP', 'SECURITY_ENABLED'],
    trustAttributes: ['FOREST_TRANSITIVE'],
    trustDirection: ['BIDIRECTIONAL'],
    'msDS-SupportedEncryptionTypes': ['RC4_HMAC', 'AES128_CTS_HMAC_SHA1_96', 'AES256_CTS_HMAC_SHA1_96'],
    'msPKI-Certificate-Name-Flag': [
      'ENROLLEE_SUPPLIES_SUBJECT',
      'SUBJECT_ALT_REQUIRE_UPN',
      'SUBJECT_REQUIRE_DIRECTORY_PATH',
    ],
    'msPKI-Private-Key-Flag': ['EXPORTABLE_KEY'],
    pKIExtendedKeyUsage: ['Client Authentication'],
    'msDS-Behavior-Version': ['Windows Server 2016'],
  });
});
