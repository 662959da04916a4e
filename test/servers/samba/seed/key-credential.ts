import { createHash, generateKeyPairSync } from 'node:crypto';
import { fileTime } from './names.ts';

/** A value of msDS-KeyCredentialLink: a fresh RSA key as Windows Hello writes it (MS-ADTS 2.2.20). */
export const keyCredential = (owner: string, deviceId: Buffer, createdAt: Date): string => {
  const material = rsaKeyBlob();
  const after = [
    entry(0x03, material),
    entry(0x04, Buffer.from([0x01])), // KeyUsage: NGC
    entry(0x05, Buffer.from([0x00])), // KeySource: Active Directory
    entry(0x06, deviceId),
    entry(0x07, Buffer.from([0x01, 0x00])),
    entry(0x08, time(createdAt)),
    entry(0x09, time(createdAt)),
  ];
  const version = Buffer.from([0x00, 0x02, 0x00, 0x00]);
  const blob = Buffer.concat([
    version,
    entry(0x01, sha256(material)),
    entry(0x02, sha256(Buffer.concat(after))),
    ...after,
  ]);
  const hex = blob.toString('hex').toUpperCase();
  return `B:${hex.length}:${hex}:${owner}`;
};

const entry = (identifier: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(3);
  head.writeUInt16LE(value.length, 0);
  head.writeUInt8(identifier, 2);
  return Buffer.concat([head, value]);
};

/** BCRYPT_RSAKEY_BLOB, MS-ADTS 2.2.20.5.1. */
const rsaKeyBlob = (): Buffer => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const [modulus, exponent] = [Buffer.from(n, 'base64url'), Buffer.from(e, 'base64url')];
  const head = Buffer.alloc(24);
  head.write('RSA1', 0, 'ascii');
  head.writeUInt32LE(modulus.length * 8, 4);
  head.writeUInt32LE(exponent.length, 8);
  head.writeUInt32LE(modulus.length, 12);
  return Buffer.concat([head, exponent, modulus]);
};

const sha256 = (value: Buffer): Buffer => createHash('sha256').update(value).digest();
const time = (at: Date): Buffer => {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(BigInt(fileTime(at)), 0);
  return value;
};
