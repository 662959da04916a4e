import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { Secret } from '@gatehouse/kernel';

/** The words are part of what is signed, so that this signature is good for nothing else. */
const proven = (clientKey: string, challenge: string) =>
  Buffer.from(`gatehouse-jump-client.v1\n${clientKey}\n${challenge}`);

/** @param key The private key of the machine, PKCS #8 in base64. */
export const proveClient = (key: Secret, clientKey: string, challenge: string): string => {
  const opened = createPrivateKey({ key: Buffer.from(key.reveal(), 'base64'), format: 'der', type: 'pkcs8' });
  return sign(null, proven(clientKey, challenge), opened).toString('base64');
};

/** Whether the holder of the private half of `publicKey` (32 bytes in base64) signed it. */
export const isProven = (publicKey: string, clientKey: string, challenge: string, signature: string): boolean => {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, proven(clientKey, challenge), key, Buffer.from(signature, 'base64'));
};
