import { randomBytes, sign, verify } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { loadKeys, parseKeys } from '../src/sealing/key-ring.ts';
import { createSealer } from '../src/sealing/sealer.ts';
import { loadSigningKey } from '../src/sealing/signing-key.ts';

const key = () => randomBytes(32).toString('base64');
const context = ['tenant-1', 'connection-1', 'apiToken'];
const secret = new Secret('00aToken-that-nobody-sees');

test('a sealed value opens in its own place and never shows what it holds', () => {
  const sealer = createSealer(parseKeys(key(), 'test'));
  const sealed = sealer.seal(secret, context);
  expect(sealed).toMatch(/^gh1\.[0-9a-f]{8}\.[\w-]+$/);
  expect(sealed).not.toContain(secret.reveal());
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString()).not.toContain(secret.reveal());
  expect(sealer.open(sealed, context).reveal()).toBe(secret.reveal());
  expect(sealer.seal(secret, context)).not.toBe(sealed);
});

test('a sealed value that was moved to another tenant, connection or field does not open', () => {
  const sealer = createSealer(parseKeys(key(), 'test'));
  const sealed = sealer.seal(secret, context);
  for (const other of [
    ['tenant-2', 'connection-1', 'apiToken'],
    ['tenant-1', 'connection-2', 'apiToken'],
    ['tenant-1', 'connection-1', 'other'],
    ['tenant-1', 'connection-1apiToken'],
    [],
  ]) {
    expect(() => sealer.open(sealed, other)).toThrow('cannot be opened');
  }
});

test('a sealed value that was changed anywhere does not open', () => {
  const sealer = createSealer(parseKeys(key(), 'test'));
  const sealed = sealer.seal(secret, context);
  const [version, id, text = ''] = sealed.split('.');
  const bytes = Buffer.from(text, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => sealer.open(`${version}.${id}.${changed.toString('base64url')}`, context)).toThrow('cannot be opened');
  }
  for (const broken of ['', 'gh1', 'gh1.x.y', `gh2.${id}.${text}`, `${version}.${id}.${text.slice(0, 20)}`]) {
    expect(() => sealer.open(broken, context)).toThrow('cannot be opened');
  }
});

test('after a rotation old values open and are stale, and without the old key they do not open', () => {
  const [old, next] = [key(), key()];
  const sealed = createSealer(parseKeys(old, 'test')).seal(secret, context);
  const rotated = createSealer(parseKeys(`# since May\n${next}\n${old}\n`, 'test'));
  expect(rotated.open(sealed, context).reveal()).toBe(secret.reveal());
  expect(rotated.isStale(sealed)).toBe(true);
  const again = rotated.seal(secret, context);
  expect(rotated.isStale(again)).toBe(false);
  expect(() => createSealer(parseKeys(next, 'test')).open(sealed, context)).toThrow('cannot be opened');
});

test('the error says nothing of the value', () => {
  const sealer = createSealer(parseKeys(key(), 'test'));
  const sealed = sealer.seal(secret, context);
  try {
    sealer.open(sealed, []);
    expect.unreachable();
  } catch (error) {
    expect(JSON.stringify({ error, text: String(error) })).not.toContain(sealed.split('.')[2]);
    expect(error).toMatchObject({ kind: 'misconfigured' });
  }
});

test('the key file is made once, mode 0600, and one that others may read is refused', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-keys-'));
  try {
    const [first, second] = await Promise.all([loadKeys(home, 'insights'), loadKeys(home, 'insights')]);
    expect(second.current.id).toBe(first.current.id);
    const path = join(home, 'insights.key');
    const text = await readFile(path, 'utf8');
    await chmod(path, 0o640);
    await expect(loadKeys(home, 'insights')).rejects.toThrow('chmod 600');
    await chmod(path, 0o600);
    await writeFile(path, 'not a key');
    await expect(loadKeys(home, 'insights')).rejects.toThrow('32 bytes');
    expect(await readFile(path, 'utf8')).toBe('not a key');
    expect(text.trim()).toHaveLength(44);
    await expect(loadKeys(join(home, 'missing'), 'insights')).rejects.toThrow('--home');
  } finally {
    await rm(home, { recursive: true });
  }
});

test('the key for signatures is made once, is kept to this account and verifies by its 32 public bytes', async () => {
  const home = await mkdtemp(join(tmpdir(), 'gatehouse-signing-'));
  try {
    const first = await loadSigningKey(home, 'insights', 'release');
    const again = await loadSigningKey(home, 'insights', 'release');
    expect(again.publicKey).toBe(first.publicKey);
    expect(Buffer.from(first.publicKey, 'base64')).toHaveLength(32);
    const message = Buffer.from('a release');
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(first.publicKey, 'base64')]);
    const key = { key: der, format: 'der', type: 'spki' } as const;
    expect(verify(null, message, key, sign(null, message, again.privateKey))).toBe(true);
    const path = join(home, 'insights.release.pem');
    await chmod(path, 0o644);
    await expect(loadSigningKey(home, 'insights', 'release')).rejects.toThrow('chmod 600');
    await chmod(path, 0o600);
    await writeFile(path, 'no key');
    await expect(loadSigningKey(home, 'insights', 'release')).rejects.toThrow('Ed25519');
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
