import { expect, test } from 'vitest';
import { makeSshKey, publicKeyOf } from './ssh-keys.ts';

// Enough for one whose public key begins with a zero, whatever the luck: that is one in 256.
test('each of thousands of keys can be read again, and is whole', async () => {
  for (let i = 0; i < 3_000; i++) {
    const { privateKey, publicKey } = await makeSshKey('ed25519');
    expect(publicKeyOf(privateKey, null)).toEqual(publicKey);
    expect(Buffer.from(publicKey.base64, 'base64')).toHaveLength(51);
  }
});
