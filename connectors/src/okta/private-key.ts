import { Fault, type Secret } from '@gatehouse/kernel';
import { importJWK, importPKCS8 } from 'jose';

/** A key that can sign, and the id it carries itself (a pasted JSON Web Key has one, PEM has none). */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly keyId: string | null;
}

/**
 * Reads the private key as people paste it: PEM (`PRIVATE KEY` or `RSA PRIVATE KEY`), PEM with its line breaks lost,
 * or a JSON Web Key. Anything else is a Fault whose advice names the setting and what was pasted instead.
 */
export const signingKeyOf = async (pasted: Secret): Promise<SigningKey> => {
  const text = pasted.reveal().trim();
  if (text.startsWith('{')) return fromJwk(text);
  const [, label, body] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  if (label === undefined || body === undefined) {
    throw wrong('It must start with “-----BEGIN PRIVATE KEY-----” and end with “-----END PRIVATE KEY-----”.');
  }
  const told = notPrivateKeys.find(([pattern]) => pattern.test(label));
  if (told !== undefined) throw wrong(told[1]);
  const bytes = decoded(body);
  const pkcs8 = label === 'RSA PRIVATE KEY' ? wrapped(bytes) : bytes;
  try {
    return { key: await importPKCS8(pemOf(pkcs8), 'RS256'), keyId: null };
  } catch {
    // The cause is left out on purpose: a parser's message may quote what it was given.
    throw wrong('It is damaged, or no RSA key. Generate a new key in Okta and copy all of it.');
  }
};

const notPrivateKeys: readonly (readonly [RegExp, string])[] = [
  [/PUBLIC KEY/, 'This is the public key. Paste the private key that Okta showed when the key was generated.'],
  [/CERTIFICATE/, 'This is a certificate. Paste the private key that Okta showed when the key was generated.'],
  [/ENCRYPTED/, 'This key is protected by a passphrase. Paste it without one, or generate a new key in Okta.'],
  [/^(EC|DSA|OPENSSH) /, 'This is not an RSA key. Generate a new key in Okta and paste that.'],
];

const wrong = (why: string) =>
  new Fault('misconfigured', `The setting “Private key” does not hold a private key. ${why}`);

const fromJwk = async (text: string): Promise<SigningKey> => {
  try {
    const jwk: unknown = JSON.parse(text);
    if (!isPrivateRsa(jwk)) throw new Error('not a private RSA key');
    const key = await importJWK({ ...jwk, alg: 'RS256' }, 'RS256');
    if (key instanceof Uint8Array) throw new Error('not an asymmetric key');
    return { key, keyId: jwk.kid ?? null };
  } catch {
    throw wrong('A JSON Web Key must have "kty": "RSA" and its private members ("d", "p", "q").');
  }
};

interface PrivateRsa {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly d: string;
  readonly kid?: string;
}

const isPrivateRsa = (jwk: unknown): jwk is PrivateRsa =>
  typeof jwk === 'object' &&
  jwk !== null &&
  'kty' in jwk &&
  jwk.kty === 'RSA' &&
  'd' in jwk &&
  typeof jwk.d === 'string' &&
  (!('kid' in jwk) || typeof jwk.kid === 'string');

const decoded = (body: string): Uint8Array => {
  const base64 = body.replaceAll(/\\n|\s/g, '');
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    throw wrong('It is damaged: characters are missing or foreign. Copy it again, all of it.');
  }
};

const pemOf = (der: Uint8Array) =>
  `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...der))}\n-----END PRIVATE KEY-----`;

/** PKCS#1 inside PKCS#8 (RFC 5208): version 0, algorithm rsaEncryption, then the key as an octet string. */
const wrapped = (pkcs1: Uint8Array): Uint8Array =>
  tagged(0x30, Uint8Array.of(0x02, 0x01, 0x00), rsaEncryption, tagged(0x04, pkcs1));

const rsaEncryption = Uint8Array.of(
  0x30,
  13,
  0x06,
  9,
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

/** One DER value: tag, length, content. */
const tagged = (tag: number, ...content: readonly Uint8Array[]): Uint8Array => {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return Uint8Array.from([header, ...content.map((piece) => [...piece])].flat());
};
