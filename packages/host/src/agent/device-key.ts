import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';

/** A new key of a machine, PKCS #8 in base64: the private half never leaves it. */
export const makeDeviceKey = async (): Promise<Secret> => {
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return new Secret(Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64'));
};

/** The public half, 32 bytes in base64. */
export const publicHalf = (key: Secret): string => {
  const opened = createPrivateKey({ key: Buffer.from(key.reveal(), 'base64'), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(opened).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').toString('base64');
};
