import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { readPrivateKey } from './private-key.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pkcs1 = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test.each([
  ['PKCS#1, as GitHub hands it out', pkcs1],
  ['PKCS#8', pkcs8],
  ['with Windows line ends', pkcs1.replaceAll('\n', '\r\n')],
  ['with its line ends written as \\n', pkcs1.trim().replaceAll('\n', '\\n')],
  ['with its line ends lost', pkcs1.replaceAll('\n', ' ')],
  ['with words around it', `my key:\n${pkcs1}\nend`],
])('a key is read %s', async (_, pem) => {
  const key = await readPrivateKey(new Secret(pem));
  expect(key).toMatchObject({ type: 'private' });
});

test('a larger key is read', async () => {
  const large = generateKeyPairSync('rsa', { modulusLength: 4_096 }).privateKey;
  const pem = large.export({ type: 'pkcs1', format: 'pem' }).toString();
  expect(await readPrivateKey(new Secret(pem))).toMatchObject({ type: 'private' });
});

const encrypted = privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
  .toString();
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

test.each([
  ['no key at all', 'hello', /no private key/],
  ['a key cut off', pkcs1.slice(0, 600), /cut off/],
  ['a damaged key', pkcs1.replace(/\n(.{20})/, '\nAAAAAAAAAAAAAAAAAAAA'), /damaged/],
  ['a public key', publicKey.export({ type: 'spki', format: 'pem' }).toString(), /public half/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /certificate/],
  ['a key with a passphrase', encrypted, /passphrase/],
  ['an elliptic key', elliptic.export({ type: 'sec1', format: 'pem' }).toString(), /another kind/],
  ['an elliptic key in PKCS#8', elliptic.export({ type: 'pkcs8', format: 'pem' }).toString(), /no RSA key/],
])('%s is misconfigured, and the words say so without a piece of it', async (_, pem, words) => {
  const fault = await readPrivateKey(new Secret(pem)).catch((error: unknown) => error);
  expect(fault).toMatchObject({ kind: 'misconfigured', advice: expect.stringMatching(words) });
  expect(fault).not.toHaveProperty('cause.message', expect.stringContaining(pem.slice(40, 60)));
});
