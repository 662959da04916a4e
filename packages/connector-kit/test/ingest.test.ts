import { describe, expect, test } from 'vitest';
import { empty } from '../src/index.ts';
import {
  exportPublicKey,
  importPublicKey,
  packBatch,
  readClaims,
  signMessage,
  toPage,
  toPageBatch,
  unpackBatch,
  verifyMessage,
} from '../src/ingest/index.ts';

const place = {
  source: 'S-1-5-21-1-2-3',
  stream: 'users',
  generation: 3,
  sequence: 0,
  readAt: '2026-01-02T03:04:05.000Z',
};
const account = {
  ...empty('accounts'),
  ...{ id: 'S-1-5-21-1', raw: { memberOf: ['CN=A'] }, login: 'Åda', emails: ['a@x.example'], ssoOnly: false },
  lastLoginAt: new Date('2026-01-01T00:00:00Z'),
};

describe('a batch', () => {
  test('carries every column of a page there and back', async () => {
    const page = {
      records: [account],
      cursor: 'collector’s own',
      gone: ['S-1-5-21-2'],
      wholes: [{ id: 'g', from: 'a' }],
      leftOut: ['x'],
      total: 9,
    };
    const batch = await unpackBatch(await packBatch(toPageBatch('accounts', page, place)));
    if (batch.type !== 'page') throw new Error('It is not a page any more.');
    expect(toPage(batch, '3:0')).toEqual({ ...page, cursor: '3:0' });
  });

  test.each([
    ['what is not gzip', () => new TextEncoder().encode('{"type":"page"}')],
    ['what is not JSON', () => gzipped('{"type":')],
    ['a column of its own', () => gzipped(JSON.stringify({ type: 'end', ...place, also: 1 }))],
    ['a generation that is no number', () => gzipped(JSON.stringify({ type: 'end', ...place, generation: 'x' }))],
    ['what breaks off', async () => (await packBatch({ type: 'end', ...place })).subarray(0, 40)],
    ['bytes that are no text', () => gzipped(new Uint8Array([0xff, 0xfe, 0x00]))],
  ])('is refused for %s', async (_, bytes) => {
    await expect(unpackBatch(await bytes())).rejects.toMatchObject({ name: 'Fault', kind: 'unexpected' });
  });

  test('that unpacks to gigabytes is refused before it does', async () => {
    const bomb = await gzipped(new Uint8Array(100 * 2 ** 20));
    expect(bomb.length).toBeLessThan(2 ** 20);
    const before = process.memoryUsage().arrayBuffers;
    await expect(unpackBatch(bomb)).rejects.toThrow('cannot be unpacked');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150 * 2 ** 20);
  });
});

describe('a signature', () => {
  const keyId = '01900000-0000-7000-8000-000000000001';
  const claims = { keyId, createdAt: new Date('2026-01-02T03:04:05Z'), nonce: 1_700_000_000_001 };
  const message = { method: 'POST', path: '/api/collector/batches', body: new TextEncoder().encode('body') };
  const signed = async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    const key = await importPublicKey(await exportPublicKey(pair.publicKey));
    return { key, headers: await signMessage(pair.privateKey, message, claims) };
  };

  test('says who made it, when and with which number, and holds for its very message', async () => {
    const { key, headers } = await signed();
    expect(readClaims({ ...headers })).toEqual(claims);
    expect(await verifyMessage(key, message, { ...headers })).toBe(true);
  });

  test.each([
    ['another body', { body: new TextEncoder().encode('Body') }, {}],
    ['another path', { path: '/api/collector/hello' }, {}],
    ['another method', { method: 'PUT' }, {}],
    ['another number', {}, { nonce: (text: string) => text.replace('000001"', '000002"') }],
    ['another name', {}, { nonce: (text: string) => text.replace('keyid="0190', 'keyid="0191') }],
    ['another time', {}, { nonce: (text: string) => text.replace('created=17', 'created=18') }],
  ])('does not hold for %s', async (_, changed, { nonce }: { nonce?: (text: string) => string }) => {
    const { key, headers } = await signed();
    const input = nonce ? nonce(headers['signature-input']) : headers['signature-input'];
    if (nonce) expect(input).not.toBe(headers['signature-input']);
    expect(await verifyMessage(key, { ...message, ...changed }, { ...headers, 'signature-input': input })).toBe(false);
  });

  test('of another key does not hold, and headers that are none are none', async () => {
    const { headers } = await signed();
    const { key } = await signed();
    expect(await verifyMessage(key, message, { ...headers })).toBe(false);
    expect(readClaims({ 'signature-input': 'sig1=("@method");created=1' })).toBeNull();
    expect(await verifyMessage(key, message, {})).toBe(false);
  });
});

const gzipped = async (content: string | Uint8Array<ArrayBuffer>): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(new Blob([content]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
