import { createSign, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { readPrivateKey } from '../src/index.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig', key_ops: ['verify'] };
const words = { setting: 'Private key', right: 'the file that Acme downloaded', again: 'Make a new key in Acme.' };
const read = (text: string) => readPrivateKey(new Secret(text), words);

test.each([
  ['PKCS#1', pkcs1],
  ['PKCS#8', pkcs8],
  ['with Windows line ends', pkcs1.replaceAll('\n', '\r\n')],
  ['with its line ends written as \\n', pkcs1.trim().replaceAll('\n', '\\n')],
  ['with its line ends lost', pkcs8.replaceAll('\n', ' ')],
  ['with words around it', `my key:\n${pkcs1}\nend`],
  ['as a JSON Web Key', JSON.stringify(jwk)],
  ['as a JSON Web Key over several lines', JSON.stringify(jwk, null, 2)],
])('a key is read %s, and signs', async (_, text) => {
  const { key } = await read(text);
  const said = Buffer.from('words');
  const signature = Buffer.from(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, said));
  expect(verify('RSA-SHA256', said, publicKey, signature)).toBe(true);
  expect(key.extractable).toBe(false);
});

test.each([1_024, 3_072, 4_096])('a key of %i bits is read from PKCS#1', async (modulusLength) => {
  const other = generateKeyPairSync('rsa', { modulusLength }).privateKey;
  const { key } = await read(other.export({ type: 'pkcs1', format: 'pem' }).toString());
  const said = Buffer.from('words');
  const signature = Buffer.from(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, said));
  expect(signature).toEqual(createSign('RSA-SHA256').update(said).sign(other));
});

test('a JSON Web Key brings its id, PEM has none', async () => {
  expect((await read(JSON.stringify(jwk))).keyId).toBe('k1');
  expect((await read(JSON.stringify({ ...jwk, kid: undefined }))).keyId).toBeNull();
  expect((await read(pkcs8)).keyId).toBeNull();
});

const withPassphrase = { cipher: 'aes-256-cbc', passphrase: 'x', format: 'pem' } as const;
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

test.each([
  ['no key at all', 'hello, this is no key', /Paste the file that Acme downloaded.*BEGIN PRIVATE KEY/],
  ['nothing', ' ', /Paste the file/],
  ['a key cut off', pkcs1.slice(0, 600), /cut off/],
  ['a key without its first line', pkcs8.split('\n').slice(1).join('\n'), /Paste the file/],
  ['a damaged key', pkcs1.replace(/\n(.{20})/, '\nAAAAAAAAAAAAAAAAAAAA'), /damaged.*Make a new key in Acme/],
  ['a key with lines missing', pkcs8.split('\n').toSpliced(5, 3).join('\n'), /damaged/],
  ['a key with foreign characters', pkcs8.replace(/\n(.{20})/, '\n“…”'), /damaged/],
  ['a public key', publicPem, /public half/],
  ['a certificate', publicPem.replaceAll('PUBLIC KEY', 'CERTIFICATE'), /certificate/],
  ['a key with a passphrase', privateKey.export({ type: 'pkcs8', ...withPassphrase }).toString(), /passphrase/],
  ['an older key with a passphrase', privateKey.export({ type: 'pkcs1', ...withPassphrase }).toString(), /passphrase/],
  ['an elliptic key', elliptic.export({ type: 'sec1', format: 'pem' }).toString(), /no RSA key/],
  ['an elliptic key in PKCS#8', elliptic.export({ type: 'pkcs8', format: 'pem' }).toString(), /no RSA key/],
  ['an elliptic JSON Web Key', JSON.stringify(elliptic.export({ format: 'jwk' })), /JSON Web Key must/],
  ['a public JSON Web Key', JSON.stringify(publicKey.export({ format: 'jwk' })), /JSON Web Key must/],
  ['half a JSON Web Key', JSON.stringify(jwk).slice(0, 500), /JSON Web Key must/],
])('%s is misconfigured: the words name the setting and hold no piece of it', async (_, text, said) => {
  const fault = await read(text).catch((error: unknown) => error);
  expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringMatching(said) });
  expect(fault).toMatchObject({ advice: expect.stringContaining('“Private key”') });
  const printed = inspect(fault, { depth: 10 });
  for (let at = 30; at + 16 < text.length - 40; at += 16) expect(printed).not.toContain(text.slice(at, at + 16));
});
