import { hostname, release } from 'node:os';
import { importPublicKey } from '@gatehouse/connector-kit/ingest';
import { Secret } from '@gatehouse/kernel';

/** What a collector says of the machine that it runs on. */
export const device = () => ({
  host: hostname().slice(0, 253) || 'unknown',
  platform: `${process.platform} ${release()} ${process.arch}, Node ${process.versions.node}`.slice(0, 100),
});

/** A new device key: the private half never leaves this machine. */
export const makeDeviceKey = async (): Promise<Secret> => {
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return new Secret(Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64'));
};

export const importDeviceKey = (key: Secret): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', Buffer.from(key.reveal(), 'base64'), 'Ed25519', false, ['sign']);

/** The public half, 32 bytes in base64. */
export const publicHalf = async (key: Secret): Promise<string> => {
  const open = await crypto.subtle.importKey('pkcs8', Buffer.from(key.reveal(), 'base64'), 'Ed25519', true, ['sign']);
  const { x = '' } = await crypto.subtle.exportKey('jwk', open);
  const text = Buffer.from(x, 'base64url').toString('base64');
  await importPublicKey(text);
  return text;
};
