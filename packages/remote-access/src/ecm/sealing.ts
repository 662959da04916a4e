import { Secret } from '@gatehouse/kernel';
import { z } from 'zod';
import { EcmError } from './errors.ts';
import { aes256, agree, type KeyPair, makeKeyPair, openBase, sealBase } from './hpke.ts';
import type { Sealed } from './messages.ts';

/** What opens an endpoint, as it stands in a sealed message. */
export type HandedCredential =
  | { readonly kind: 'password'; readonly username: string; readonly domain: string | null; readonly password: Secret }
  | {
      readonly kind: 'ssh-key';
      readonly username: string;
      readonly privateKey: Secret;
      readonly passphrase: Secret | null;
    }
  | {
      readonly kind: 'ssh-certificate';
      readonly username: string;
      readonly privateKey: Secret;
      readonly certificate: string;
    };

/** What a sealed credential is bound to: it opens for this lease, this credential and this request alone. */
export interface SealContext {
  readonly lease: string;
  readonly credential: string;
  readonly correlation: string;
}

/** A pair of keys of one session; the private half never leaves the process that made it. */
export interface SessionKey {
  /** For `credentials.retrieve`: 32 bytes in base64url. */
  readonly publicKey: string;
  /** @throws EcmError `unexpected` for what was sealed to another key or for another request. */
  open(sealed: Sealed, context: SealContext): HandedCredential;
}

export const createSessionKey = (pair: KeyPair = makeKeyPair()): SessionKey => ({
  publicKey: pair.publicKey.toString('base64url'),
  open(sealed, context) {
    let bytes: Buffer;
    try {
      const enc = Buffer.from(sealed.enc, 'base64url');
      bytes = openBase(pair, messageOf(context), enc, Buffer.from(sealed.ciphertext, 'base64url'));
    } catch {
      // What a library of cryptography says about it helps nobody and may tell too much.
      throw new EcmError('unexpected', 'The credential was sealed for another session or another request.');
    }
    return toCredential(bytes);
  },
});

/** Keys of sessions, each made while nobody waits for it, and given out once. */
export const createSessionKeys = (): (() => SessionKey) => {
  let spare: SessionKey | null = null;
  return () => {
    const key = spare ?? createSessionKey();
    spare = null;
    setImmediate(() => {
      spare ??= createSessionKey();
    });
    return key;
  };
};

/** Seals one credential, and no other one, to the session that it was made for. */
export type Seal = (credential: HandedCredential, context: SealContext) => Sealed;

/**
 * Most of what sealing takes, without what is sealed: it can be done while that is awaited.
 * @throws EcmError `invalid_params` for what is no public half of a session's key
 */
export const prepareSeal = (publicKey: string, ephemeral?: KeyPair): Seal => {
  const agreed = agreeWith(publicKey, ephemeral);
  let isUsed = false;
  return (credential, context) => {
    // Two messages under one key and nonce would open each other.
    if (isUsed) throw new Error('a seal is for one credential');
    isUsed = true;
    const plain = plaintextOf(credential);
    try {
      const ciphertext = sealBase(agreed, messageOf(context), plain);
      return { enc: agreed.enc.toString('base64url'), ciphertext: ciphertext.toString('base64url') };
    } finally {
      plain.fill(0);
    }
  };
};

const agreeWith = (publicKey: string, ephemeral?: KeyPair) => {
  try {
    return agree(Buffer.from(publicKey, 'base64url'), setting, ephemeral);
  } catch {
    throw new EcmError('invalid_params', 'The public key is no key of X25519.', 'publicKey');
  }
};

/** Both at once. @throws EcmError `invalid_params` */
export const sealCredential = (credential: HandedCredential, publicKey: string, context: SealContext): Sealed =>
  prepareSeal(publicKey)(credential, context);

const setting = { suite: aes256, info: Buffer.from('gatehouse-ecm/1 credential') };
// Neither a lease nor a correlation holds a line feed, so that no two contexts are the same bytes.
const messageOf = ({ lease, credential, correlation }: SealContext) => ({
  ...setting,
  aad: Buffer.from(`${lease}\n${correlation}\n${credential}`),
});

/** Blanks behind the object hide how long the secret in it is. */
const block = 256;
const longest = 80_000;

const plaintextOf = (credential: HandedCredential): Buffer => {
  const json = Buffer.from(JSON.stringify(credential, revealing));
  if (json.length > longest) throw new EcmError('too_large', `A credential has at most ${longest} bytes.`);
  const padded = Buffer.alloc(Math.ceil(json.length / block) * block, ' ');
  json.copy(padded);
  json.fill(0);
  return padded;
};

// `JSON.stringify` hands over what `toJSON` made of a value; the value itself is in `this`.
function revealing(this: unknown, name: string, value: unknown): unknown {
  const own = typeof this === 'object' && this !== null ? Reflect.get(this, name) : undefined;
  return own instanceof Secret ? own.reveal() : value;
}

const SecretText = z
  .string()
  .max(longest)
  .transform((value) => new Secret(value));
const Plain = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('password'), username: z.string().max(256) },
    ...{ domain: z.string().max(253).nullable(), password: SecretText },
  }),
  z.object({
    ...{ kind: z.literal('ssh-key'), username: z.string().max(256) },
    ...{ privateKey: SecretText, passphrase: SecretText.nullable() },
  }),
  z.object({
    ...{ kind: z.literal('ssh-certificate'), username: z.string().max(256) },
    ...{ privateKey: SecretText, certificate: z.string().max(20_000) },
  }),
]);

const toCredential = (bytes: Buffer): HandedCredential => {
  try {
    return Plain.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new EcmError('unexpected', 'What was sealed is no credential.');
  } finally {
    bytes.fill(0);
  }
};
