import { createHash, createHmac } from 'node:crypto';
import { md4 } from './md4.ts';
import { createRc4 } from './rc4.ts';

export const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
export const hmacMd5 = (key: Buffer, ...parts: readonly Buffer[]): Buffer =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac('md5', key)).digest();
const md5 = (...parts: readonly Buffer[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('md5')).digest();

/** The key of an account for NTLM version 2 (NTOWFv2). */
export const accountKey = (of: { username: string; domain: string; password: string }): Buffer =>
  hmacMd5(md4(utf16(of.password)), utf16(upper(of.username) + of.domain));

/** Letter by letter, as Windows does: one that would become two stays as it is. */
const upper = (text: string): string =>
  text.replace(/./gs, (letter) => (letter.toUpperCase().length === 1 ? letter.toUpperCase() : letter));

/** What is signed and sealed in one direction, in order. */
export interface Seal {
  /** Signature and sealed text. */
  seal(text: Buffer): Buffer;
  /** Null where the signature is not the one that belongs to the text, here and now. */
  unseal(message: Buffer): Buffer | null;
  /** The signature of something that is not sealed, after which the stream stands where it stood before (MS-SPNG 3.2.5.1). */
  sign(text: Buffer): Buffer;
}

/** Extended session security with 128-bit keys and a session key of its own (MS-NLMP 3.4). */
export const createSeal = (sessionKey: Buffer, direction: 'client-to-server' | 'server-to-client'): Seal => {
  const key = (purpose: 'signing' | 'sealing') =>
    md5(sessionKey, Buffer.from(`session key to ${direction} ${purpose} key magic constant\0`));
  const signing = key('signing');
  let stream = createRc4(key('sealing'));
  let sequence = 0;
  const signature = (text: Buffer): Buffer => {
    const number = Buffer.alloc(4);
    number.writeUInt32LE(sequence++);
    const sum = stream.apply(hmacMd5(signing, number, text).subarray(0, 8));
    return Buffer.concat([Buffer.from([1, 0, 0, 0]), sum, number]);
  };
  return {
    seal(text) {
      const sealed = stream.apply(text);
      return Buffer.concat([signature(text), sealed]);
    },
    unseal(message) {
      const text = stream.apply(message.subarray(16));
      return signature(text).equals(message.subarray(0, 16)) ? text : null;
    },
    sign(text) {
      const before = stream.copy();
      const signed = signature(text);
      stream = before;
      return signed;
    },
  };
};
