import { Fault, type Secret } from '@gatehouse/kernel';

/** A key that can sign with RS256, and the id it carries itself (a JSON Web Key may have one, PEM has none). */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly keyId: string | null;
}

/** Words for the person who pasted. */
export interface KeyWords {
  /** Title of the setting. */
  readonly setting: string;
  /** Completes "Paste …": "the whole .pem file that GitHub downloaded". */
  readonly right: string;
  /** A sentence: how to get another one. */
  readonly again: string;
}

/**
 * Reads an RSA private key as people paste it: PEM (`PRIVATE KEY` or `RSA PRIVATE KEY`), also with its line ends lost or
 * written as `\n`, or a JSON Web Key. Anything else is `misconfigured`, in words about what was pasted instead and
 * without a piece of it.
 */
export const readPrivateKey = async (pasted: Secret, words: KeyWords): Promise<SigningKey> => {
  const text = pasted.reveal().replaceAll('\\n', '\n').trim();
  if (text.startsWith('{')) return fromJwk(text, words);
  const [, label, content] = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/.exec(text) ?? [];
  if (label === undefined || content === undefined) throw wrong(words, cutOrNone(text, words));
  const mistake = mistakeOf(label, content, words);
  if (mistake !== null) throw wrong(words, mistake);
  try {
    const bytes = Uint8Array.from(atob(content.replaceAll(/\s+/g, '')), (char) => char.charCodeAt(0));
    const pkcs8 = label === 'RSA PRIVATE KEY' ? toPkcs8(bytes) : bytes;
    return { key: await crypto.subtle.importKey('pkcs8', pkcs8, rs256, false, ['sign']), keyId: null };
  } catch {
    // The cause is left out on purpose: parsers quote what they stumble over.
    throw wrong(words, `It is damaged, or no RSA key. ${words.again}`);
  }
};

const rs256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

const wrong = ({ setting }: KeyWords, why: string): Fault =>
  new Fault('misconfigured', `The setting “${setting}” does not hold a private key that works. ${why}`);

const cutOrNone = (text: string, { right }: KeyWords): string =>
  text.includes('-----BEGIN')
    ? `It is cut off. Paste ${right}, from “-----BEGIN” to the last “-----”.`
    : `Paste ${right}, from “-----BEGIN PRIVATE KEY-----” or “-----BEGIN RSA PRIVATE KEY-----” to the last “-----”.`;

const mistakeOf = (label: string, content: string, { right, again }: KeyWords): string | null => {
  if (label.includes('PUBLIC KEY')) return `This is the public half of a key. Paste ${right}.`;
  if (label.includes('CERTIFICATE')) return `This is a certificate. Paste ${right}.`;
  if (label === 'ENCRYPTED PRIVATE KEY' || /^\s*(?:Proc-Type|DEK-Info):/m.test(content)) {
    return `This key is protected by a passphrase. Paste it without one. ${again}`;
  }
  return label === 'PRIVATE KEY' || label === 'RSA PRIVATE KEY' ? null : `This is no RSA key. ${again}`;
};

const fromJwk = async (text: string, words: KeyWords): Promise<SigningKey> => {
  try {
    const jwk: unknown = JSON.parse(text);
    if (!isPrivateRsa(jwk)) throw new Error('not a private RSA key');
    const { kty, n, e, d, p, q, dp, dq, qi } = jwk;
    const key = await crypto.subtle.importKey('jwk', { kty, n, e, d, p, q, dp, dq, qi }, rs256, false, ['sign']);
    return { key, keyId: typeof jwk.kid === 'string' ? jwk.kid : null };
  } catch {
    throw wrong(
      words,
      `A JSON Web Key must have "kty": "RSA" and its private members ("d", "p", "q" and what belongs to them). ${words.again}`,
    );
  }
};

type PrivateRsa = Readonly<Record<'kty' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>> & {
  readonly kid?: unknown;
};

const isPrivateRsa = (jwk: unknown): jwk is PrivateRsa => {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const members: Readonly<Record<string, unknown>> = { ...jwk };
  const isWhole = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].every((name) => typeof members[name] === 'string');
  return members.kty === 'RSA' && isWhole;
};

/** PKCS#1 inside PKCS#8 (RFC 5208): version 0, the algorithm rsaEncryption, and the key as an octet string. */
const toPkcs8 = (pkcs1: Uint8Array): Uint8Array<ArrayBuffer> =>
  tagged(0x30, Uint8Array.of(0x02, 0x01, 0x00), rsaEncryption, tagged(0x04, pkcs1));

/** A sequence of the object identifier 1.2.840.113549.1.1.1 and null. */
const rsaEncryption = tagged(
  0x30,
  Uint8Array.of(0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01),
  Uint8Array.of(0x05, 0x00),
);

/** One value of DER: tag, length, content. */
function tagged(tag: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = content.reduce((sum, piece) => sum + piece.length, 0);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest >>= 8) size.unshift(rest & 0xff);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  const whole = new Uint8Array(head.length + length);
  whole.set(head);
  let at = head.length;
  for (const piece of content) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
