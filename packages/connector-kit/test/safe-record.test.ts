import { describe, expect, test } from 'vitest';
import { type Account, empty, records, type Stream } from '../src/index.ts';
import { safeJson } from '../src/safe-json.ts';
import { safePages } from '../src/safe-page.ts';
import { makeSafe } from '../src/safe-record.ts';

const stream = { record: 'accounts', title: 'Users' } as Stream<unknown>;
const account = (more: Record<string, unknown>): Account => ({ ...empty('accounts'), id: '1', raw: null, ...more });
const made = (more: Record<string, unknown>) => makeSafe('accounts')(account(more), new Map());

describe('a record', () => {
  test('that is fit for the inventory is not copied', () => {
    const good = account({
      login: 'ada',
      emails: ['a@x'],
      createdAt: new Date(),
      ssoOnly: false,
      raw: { a: [1, { b: 'c' }] },
    });
    expect(makeSafe('accounts')(good, new Map())).toBe(good);
  });

  test.each([
    ['an invalid date', { createdAt: new Date('nonsense') }, { createdAt: null }],
    ['a date of no calendar', { createdAt: new Date(8.64e15) }, { createdAt: null }],
    ['a date as text', { createdAt: '2020-01-01' }, { createdAt: null }],
    ['a word outside its set', { status: 'sleeping' }, { status: null }],
    ['a flag that is none', { ssoOnly: 'false' }, { ssoOnly: null }],
    ['a column left out', { login: undefined, emails: undefined }, { login: null, emails: [] }],
    ['NUL in text', { login: 'a\0b' }, { login: 'a\uFFFDb' }],
    ['half a character in text', { login: 'a\uD800b' }, { login: 'a\uFFFDb' }],
    ['entries of a list that are none', { emails: ['a', null, 7, 'b\0'] }, { emails: ['a', 'b\uFFFD'] }],
    ['a private key in a text', { title: `-----BEGIN RSA PRIVATE KEY-----\n${'A'.repeat(60)}` }, { title: '[secret]' }],
  ])('with %s is mended', (_, given, expected) => {
    expect(made(given)).toMatchObject(expected);
  });

  test('with text over 2,000 characters is cut, never in the middle of one, and the stream says so', async () => {
    const pages = safePages(stream);
    const text = `${'x'.repeat(1_999)}😀`;
    const { records: kept } = await pages.make({
      records: [account({ title: text }), account({ title: 'short' })],
      cursor: null,
    });
    expect(kept).toHaveLength(1);
    const page = await pages.make({ records: [account({ title: text })], cursor: null });
    expect(page.records[0]).toMatchObject({ title: 'x'.repeat(1_999) });
    expect(pages.caveats()).toEqual([{ code: 'clipped', advice: expect.stringContaining('title (2)') }]);
  });

  test('with a string of 10 MB is cut', () => {
    expect(made({ displayName: 'x'.repeat(10_000_000) }).displayName).toHaveLength(2_000);
    expect(made({ raw: { name: 'x'.repeat(10_000_000) } }).raw).toEqual({ truncated: true, bytes: expect.any(Number) });
  });

  test.each([[''], ['x'.repeat(501)], ['x'.repeat(10_000_000)], [undefined], [7]])(
    'with the id %s is left out, and the stream says so',
    async (id) => {
      const pages = safePages(stream);
      const { records: kept } = await pages.make({ records: [account({ id }), account({ id: 'ok' })], cursor: null });
      expect(kept).toHaveLength(1);
      expect(pages.caveats()).toEqual([{ code: 'unusable-id', advice: expect.stringContaining('1 records') }]);
    },
  );

  test('that is both there and gone is there', async () => {
    const page = await safePages(stream).make({ records: [account({ id: 'a' })], cursor: null, gone: ['a', 'b', ''] });
    expect(page.gone).toEqual(['b']);
  });

  test('of every kind passes when empty', () => {
    for (const kind of Object.keys(records) as (keyof typeof records)[]) {
      const record = { ...empty(kind), id: '1', raw: null } as never;
      expect(makeSafe(kind)(record, new Map())).toBe(record);
    }
  });
});

describe("a vendor's own words", () => {
  test.each([
    ['a password', { password: 'hunter2' }, { password: '[secret]' }],
    [
      'a hash below a password',
      { password: { hash: { value: 'v', salt: 's', algorithm: 'BCRYPT' } } },
      { password: { hash: { value: '[secret]', salt: '[secret]', algorithm: 'BCRYPT' } } },
    ],
    ['secrets of a client', { client_secret: 'x', clientId: 'y' }, { client_secret: '[secret]', clientId: 'y' }],
    ['a list of tokens', { accessTokens: ['a', 'b'] }, { accessTokens: ['[secret]', '[secret]'] }],
    ['a number that is one', { passcode: 123456 }, { passcode: '[secret]' }],
    ['a token inside a text', { note: `use ghp_${'a'.repeat(36)} for it` }, { note: '[secret]' }],
    ['a token in an address', { url: 'https://x.example/hook?token=abcdefghijklmnop' }, { url: '[secret]' }],
    ['NUL in a value and in a name', { 'a\0': 'b\0' }, { 'a\uFFFD': 'b\uFFFD' }],
    ['half a character', { a: '\uDC00' }, { a: '\uFFFD' }],
    [
      'what JSON cannot hold',
      { a: Number.NaN, b: undefined, c: 7n, d: new Date(0) },
      { a: null, c: '7', d: '1970-01-01T00:00:00.000Z' },
    ],
  ])('lose %s', (_, given, expected) => {
    expect(safeJson(given)).toEqual(expected);
    expect(JSON.parse(JSON.stringify(safeJson(given)))).toEqual(expected);
  });

  test.each([
    [{ password: { complexity: { minLength: 8 } }, passwordChanged: '2020-01-01', token_expires_at: null }],
    [{ secrets: [{ name: 'DEPLOY_KEY', created_at: 'x' }], secret_scanning: { status: 'enabled' }, tokenWindow: 5 }],
    [{ recovery_question: { question: 'Which?' }, credentials: { password: {}, provider: { type: 'OKTA' } } }],
  ])('keep what only sounds like a secret: %j', (given) => {
    expect(safeJson(given)).toBe(given);
  });

  test('are replaced when larger than 256 KiB, and only then', () => {
    const just = { text: 'ä'.repeat(131_000) };
    expect(safeJson(just)).toBe(just);
    const over = { text: 'ä'.repeat(131_100) };
    expect(safeJson(over)).toEqual({ truncated: true, bytes: Buffer.byteLength(JSON.stringify(over)) });
  });

  test('are replaced when nested without end', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;
    expect(safeJson(deep)).toMatchObject({ truncated: true });
  });

  test('keep a name that means something to JavaScript', () => {
    const odd = JSON.parse('{"__proto__":{"a":"b\\u0000"},"c":1}') as unknown;
    expect(JSON.stringify(safeJson(odd))).toBe('{"__proto__":{"a":"b\uFFFD"},"c":1}');
  });
});
