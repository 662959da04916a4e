import { Fault, type Secret } from '@gatehouse/kernel';
import { importPKCS8 } from 'jose';

export type SigningKey = Awaited<ReturnType<typeof importPKCS8>>;

/**
 * The key of a GitHub App from its PEM: PKCS#1 as GitHub hands it out, or PKCS#8 as OpenSSL converts it. Also with its
 * line ends lost or written as `\n`, as happens in environment files. Throws `misconfigured` that says what was pasted instead.
 */
export const readPrivateKey = async (pem: Secret): Promise<SigningKey> => {
  const text = pem.reveal().replaceAll('\\n', '\n').trim();
  const found = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(text);
  const [, label = '', content = ''] = found ?? [];
  const mistake = mistakeOf(text, label, content);
  if (mistake !== null) throw new Fault('misconfigured', mistake);
  const base64 = content.replaceAll(/\s+/g, '');
  try {
    const der = label === 'RSA PRIVATE KEY' ? toPkcs8(bytesOf(base64)) : base64;
    return await importPKCS8(`-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----`, 'RS256');
  } catch {
    // The cause is left out on purpose: parsers quote what they stumble over.
    throw new Fault(
      'misconfigured',
      'The private key is damaged or is no RSA key. Generate a new private key on the General page of the app and paste the whole file.',
    );
  }
};

const mistakeOf = (text: string, label: string, content: string): string | null => {
  if (label === 'RSA PRIVATE KEY' || label === 'PRIVATE KEY') {
    return /^\s*(?:Proc-Type|DEK-Info):/m.test(content)
      ? 'The private key is protected with a passphrase. Paste the file as GitHub gave it, without a passphrase.'
      : null;
  }
  if (label === 'ENCRYPTED PRIVATE KEY') {
    return 'The private key is protected with a passphrase. Paste the file as GitHub gave it, without a passphrase.';
  }
  if (label === 'PUBLIC KEY' || label === 'RSA PUBLIC KEY') {
    return 'This is the public half of a key. The field Private key needs the .pem file that GitHub downloaded.';
  }
  if (label === 'CERTIFICATE')
    return 'This is a certificate. The field Private key needs the .pem file that GitHub downloaded.';
  if (label !== '')
    return 'This is another kind of key. The field Private key needs the .pem file that GitHub downloaded.';
  return text.includes('-----BEGIN')
    ? 'The private key is cut off. Paste the whole file, from -----BEGIN to the last -----.'
    : 'This is no private key. Paste the whole .pem file that GitHub downloaded, from -----BEGIN to the last -----.';
};

/** The base64 of PKCS#8 around a PKCS#1 key (RFC 5208): version 0, rsaEncryption, and the key as an octet string. */
const toPkcs8 = (pkcs1: Uint8Array): string => {
  const version = Uint8Array.of(0x02, 0x01, 0x00);
  const algorithm = Uint8Array.of(
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    0x86,
    0x48,
    0x86,
    0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00,
  );
  const whole = tagged(0x30, joined(version, algorithm, tagged(0x04, pkcs1)));
  return btoa(Array.from(whole, (byte) => String.fromCharCode(byte)).join(''));
};

const tagged = (tag: number, content: Uint8Array): Uint8Array => {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return joined(Uint8Array.of(tag, ...size), content);
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
