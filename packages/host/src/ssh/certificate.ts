import type { Client, ParsedKey } from 'ssh2';
import { SshFault } from './ssh-faults.ts';

const suffix = '-cert-v01@openssh.com';

/** How the key under a certificate signs, and what the signature is called (OpenSSH's PROTOCOL.certkeys, RFC 8332). */
const kinds: Readonly<Record<string, { algorithm: string; signature: string; hash?: string }>> = {
  [`ssh-ed25519${suffix}`]: { algorithm: `ssh-ed25519${suffix}`, signature: 'ssh-ed25519' },
  [`ssh-rsa${suffix}`]: { algorithm: `rsa-sha2-512${suffix}`, signature: 'rsa-sha2-512', hash: 'sha512' },
};

/**
 * The key with a certificate in place of its public half. Throws a `misconfigured` Fault for what is no certificate of
 * this key; Ed25519 and RSA are known.
 */
export const certified = (key: ParsedKey, line: string): ParsedKey => {
  const [type = '', base64 = ''] = line.trim().split(/\s+/);
  const kind = kinds[type];
  const blob = Buffer.from(base64, 'base64');
  if (kind === undefined || !isOf(blob, type, key)) {
    throw new SshFault({
      ...{
        kind: 'misconfigured',
        problem: 'unreadable key',
        detail: `${type.slice(0, 60)} is no certificate of the key`,
      },
      advice: 'The SSH certificate does not belong to the private key, or is of a kind that is not known here.',
    });
  }
  // Inherits what the library knows a key by.
  return Object.create(key, {
    type: { value: kind.algorithm },
    getPublicSSH: { value: () => blob },
    sign: { value: (bytes: Buffer) => key.sign(bytes, kind.hash) },
  });
};

/** A certificate repeats the fields of the public key behind its type and a nonce. */
const isOf = (blob: Buffer, type: string, key: ParsedKey): boolean => {
  const certificate = stringsIn(blob, 2);
  const [plain, ...fields] = stringsIn(key.getPublicSSH(), key.type === 'ssh-rsa' ? 3 : 2);
  const from = 8 + (certificate[0]?.length ?? 0) + (certificate[1]?.length ?? 0);
  const all = Buffer.concat(fields.map((field) => Buffer.concat([lengthOf(field), field])));
  const isSame = blob.subarray(from, from + all.length).equals(all);
  return certificate[0]?.toString() === type && `${plain}${suffix}` === type && all.length > 0 && isSame;
};

/**
 * The library (1.17.0) names the signature by the certificate's algorithm; servers want that of the key. There is no
 * setting for it, so the packet is put right on its way out. What this reaches into is not the library's public face: the
 * tests against OpenSSH tell when another version has changed it.
 */
export const nameSignatures = (client: Client): void => {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const writers: unknown = typeof protocol === 'object' && protocol !== null && Reflect.get(protocol, '_packetRW');
  const writer: unknown = typeof writers === 'object' && writers !== null && Reflect.get(writers, 'write');
  if (!isWriter(writer)) throw new Error('The SSH library has changed: certificates cannot be shown.');
  const { allocStart } = writer;
  const finalize = writer.finalize.bind(writer);
  writer.finalize = (packet, force) => {
    const payload = packet.subarray(allocStart);
    const better = payload[0] === userAuthRequest ? renamed(payload) : null;
    if (better === null) return finalize(packet, force);
    const whole = writer.alloc(better.length);
    better.copy(whole, allocStart);
    return finalize(whole, force);
  };
};

interface Writer {
  readonly allocStart: number;
  alloc(bytes: number): Buffer;
  finalize(packet: Buffer, force?: boolean): Buffer;
}

const isWriter = (value: unknown): value is Writer =>
  typeof value === 'object' &&
  value !== null &&
  'allocStart' in value &&
  typeof value.allocStart === 'number' &&
  'alloc' in value &&
  typeof value.alloc === 'function' &&
  'finalize' in value &&
  typeof value.finalize === 'function';

const userAuthRequest = 50;

/** The request (RFC 4252 7) with the right name in its signature; null where it is another. */
const renamed = (payload: Buffer): Buffer | null => {
  const [user, service, method] = stringsIn(payload.subarray(1), 3);
  if (user === undefined || service === undefined || method?.toString() !== 'publickey') return null;
  const flag = 1 + 12 + user.length + service.length + method.length;
  if (payload[flag] !== 1) return null;
  const [algorithm, blob] = stringsIn(payload.subarray(flag + 1), 2);
  const kind = Object.values(kinds).find((one) => one.algorithm === algorithm?.toString());
  if (algorithm === undefined || blob === undefined || kind === undefined) return null;
  const head = flag + 1 + 8 + algorithm.length + blob.length;
  // Behind the length of both together: the name, and the signature itself, at whose end there may be padding.
  const [, signature] = stringsIn(payload.subarray(head + 4), 2);
  if (signature === undefined) return null;
  const name = Buffer.from(kind.signature);
  const both = Buffer.concat([lengthOf(name), name, lengthOf(signature), signature]);
  return Buffer.concat([payload.subarray(0, head), lengthOf(both), both]);
};

const stringsIn = (bytes: Buffer, count: number): readonly Buffer[] => {
  const found: Buffer[] = [];
  let at = 0;
  while (found.length < count && at + 4 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    if (at + 4 + length > bytes.length) break;
    found.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
};

const lengthOf = ({ length }: Buffer): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
};
