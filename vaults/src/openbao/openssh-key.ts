import { Secret } from '@gatehouse/kernel';

export interface KeyPair {
  /** One line, as OpenSSH writes it. */
  readonly publicKey: string;
  /** As OpenSSH writes it, without a passphrase. */
  readonly privateKey: Secret;
}

/** A new Ed25519 pair, made here: the private half never leaves the process. */
export const newKeyPair = async (): Promise<KeyPair> => {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new Error('Ed25519 makes pairs of keys');
  const open = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  // The last 32 bytes of PKCS#8 (RFC 8410) are the seed.
  const seed = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey)).slice(-32);
  const check = crypto.getRandomValues(new Uint8Array(4));
  const secret = joined([check, check, text(type), sized(open), sized(joined([seed, open])), text('gatehouse')]);
  const padding = Uint8Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1);
  const blob = publicBlob(open);
  const whole = joined([
    new TextEncoder().encode('openssh-key-v1\0'),
    ...[text('none'), text('none'), text(''), number(1)],
    ...[sized(blob), sized(joined([secret, padding]))],
  ]);
  const lines = base64(whole).match(/.{1,70}/g) ?? [];
  const label = 'OPENSSH PRIVATE KEY';
  return {
    publicKey: `${type} ${base64(blob)}`,
    privateKey: new Secret([`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')),
  };
};

const type = 'ssh-ed25519';
const publicBlob = (key: Uint8Array) => joined([text(type), sized(key)]);

/** A length of four bytes and what it counts, as everything in SSH is written (RFC 4251). */
const sized = (bytes: Uint8Array): Uint8Array => joined([number(bytes.length), bytes]);
const text = (value: string): Uint8Array => sized(new TextEncoder().encode(value));
const number = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
