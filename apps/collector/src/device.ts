import { hostname, release } from 'node:os';
import type { Secret } from '@gatehouse/kernel';

/** What a collector says of the machine that it runs on. */
export const device = () => ({
  host: hostname().slice(0, 253) || 'unknown',
  platform: `${process.platform} ${release()} ${process.arch}, Node ${process.versions.node}`.slice(0, 100),
});

export const importDeviceKey = (key: Secret): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', Buffer.from(key.reveal(), 'base64'), 'Ed25519', false, ['sign']);
