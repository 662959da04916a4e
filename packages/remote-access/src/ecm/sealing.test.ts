import { inspect } from 'node:util';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { agree, importPrivate, openBase, sealBase } from './hpke.ts';
import { createSessionKey, createSessionKeys, prepareSeal, sealCredential } from './sealing.ts';
import { secondKey } from './testing/second.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const context = { lease: 'lease-1', credential: 'web1\\root', correlation: 'corr-1' };
const credential = { kind: 'password', username: 'root', domain: null, password: new Secret('correct horse') } as const;

test('the construction gives the bytes of RFC 9180, A.1.1', () => {
  const suite = { aead: 'aes-128-gcm', aeadId: 1, keyBytes: 16 } as const;
  const message = {
    ...{ suite, info: hex('4f6465206f6e2061204772656369616e2055726e'), aad: Buffer.from('Count-0') },
  };
  const recipient = importPrivate(hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'));
  expect(recipient.publicKey.toString('hex')).toBe('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d');
  const ephemeral = importPrivate(hex('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'));
  const plain = Buffer.from('Beauty is truth, truth beauty');
  const agreed = agree(recipient.publicKey, message, ephemeral);
  const { enc } = agreed;
  const ciphertext = sealBase(agreed, message, plain);
  expect(enc.toString('hex')).toBe('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431');
  expect(ciphertext.toString('hex')).toBe(
    'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a',
  );
  expect(openBase(recipient, message, enc, ciphertext).equals(plain)).toBe(true);
});

test('each kind of credential opens as it was sealed, and prints no secret', () => {
  const session = createSessionKey();
  for (const one of [
    credential,
    { ...credential, domain: 'NS', username: 'Zoë', password: new Secret('pässwörd "\\') },
    { kind: 'ssh-key', username: 'u', privateKey: new Secret('-----BEGIN'), passphrase: null },
    { kind: 'ssh-key', username: 'u', privateKey: new Secret('k'.repeat(70_000)), passphrase: new Secret('p') },
    { kind: 'ssh-certificate', username: 'u', privateKey: new Secret('k'), certificate: 'ssh-ed25519-cert-v01 AAAA' },
  ] as const) {
    const opened = session.open(sealCredential(one, session.publicKey, context), context);
    expect(revealed(opened)).toEqual(revealed(one));
    expect(inspect(opened) + JSON.stringify(opened)).not.toMatch(/correct horse|BEGIN|pässwörd/);
  }
});

test('a sealed credential opens with another key, lease, credential, request or byte not at all', () => {
  const session = createSessionKey();
  const sealed = sealCredential(credential, session.publicKey, context);
  const refuses = (act: () => unknown) => expect(act).toThrow('another session or another request');
  refuses(() => createSessionKey().open(sealed, context));
  for (const other of [{ lease: 'lease-2' }, { credential: 'web1\\other' }, { correlation: 'corr-2' }])
    refuses(() => session.open(sealed, { ...context, ...other }));
  for (const at of [0, 20, 60]) {
    const bytes = Buffer.from(sealed.ciphertext, 'base64url');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    refuses(() => session.open({ ...sealed, ciphertext: bytes.toString('base64url') }, context));
  }
  // Points that make the shared secret known to everybody.
  for (const weak of [Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])]) {
    refuses(() => session.open({ ...sealed, enc: weak.toString('base64url') }, context));
    expect(() => sealCredential(credential, weak.toString('base64url'), context)).toThrow('no key of X25519');
  }
});

test('neither the length of a password nor the password twice shows in what is sealed', () => {
  const session = createSessionKey();
  const size = (password: string) =>
    sealCredential({ ...credential, password: new Secret(password) }, session.publicKey, context).ciphertext.length;
  expect(new Set([1, 8, 64, 128].map((length) => size('x'.repeat(length)))).size).toBe(1);
  const [one, two] = [1, 2].map(() => sealCredential(credential, session.publicKey, context));
  expect(one?.enc).not.toBe(two?.enc);
  expect(one?.ciphertext).not.toBe(two?.ciphertext);
});

test('a seal that was prepared seals once, and no two sessions have one key', async () => {
  const nextKey = createSessionKeys();
  const keys = [nextKey(), nextKey()];
  await new Promise((resolve) => setImmediate(resolve));
  keys.push(nextKey(), nextKey());
  expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(4);
  for (const key of keys) {
    const seal = prepareSeal(key.publicKey);
    expect(revealed(key.open(seal(credential, context), context))).toEqual(revealed(credential));
    expect(() => seal(credential, context)).toThrow('for one credential');
  }
});

test('a second implementation, made from the page, opens what this one seals', () => {
  const second = secondKey();
  const sealed = sealCredential(credential, second.publicKey, context);
  expect(second.open(sealed, context)).toEqual({ ...credential, password: 'correct horse' });
});

const revealed = (value: object) =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, one instanceof Secret ? one.reveal() : one]));
