import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import { readOwnFile } from './own-file.ts';

/** A pair of Ed25519 keys that this installation signs with. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** The 32 bytes of the public half in base64, for whoever has to verify. */
  readonly publicKey: string;
}

/**
 * The key in `<home>/<program>.<purpose>.pem` (PKCS #8, mode 0600), made at the first start. Several copies of a program
 * share the home, or the file is copied: what one signed another key does not verify.
 */
export const loadSigningKey = async (home: string, program: string, purpose: string): Promise<SigningKey> => {
  const path = join(home, `${program}.${purpose}.pem`);
  const pem = await readOwnFile(path, () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const privateKey = parse(pem, path);
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { privateKey, publicKey: Buffer.from(x ?? '', 'base64url').toString('base64') };
};

const parse = (pem: string, path: string): KeyObject => {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below: what the parser says of a damaged key helps nobody.
  }
  throw new StartFault(`${path} must hold a private key of Ed25519 in PEM form.`, '--home');
};
