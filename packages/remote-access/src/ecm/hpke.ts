import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

/**
 * RFC 9180 in base mode, one message for each key: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-GCM. Written down
 * here because Node has its parts and not the whole; the vectors of the RFC are its test.
 */
export interface Suite {
  readonly aead: 'aes-128-gcm' | 'aes-256-gcm';
  readonly aeadId: number;
  readonly keyBytes: number;
}

export const aes256: Suite = { aead: 'aes-256-gcm', aeadId: 0x0002, keyBytes: 32 };

export interface KeyPair {
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Buffer;
}

export interface Message {
  readonly suite: Suite;
  readonly info: Buffer;
  readonly aad: Buffer;
}

const kemId = 0x0020;
const kdfId = 0x0001;
const none = Buffer.alloc(0);
const i2osp = (value: number, bytes: 1 | 2) => {
  const out = Buffer.alloc(bytes);
  out.writeUIntBE(value, 0, bytes);
  return out;
};
const kemSuite = Buffer.concat([Buffer.from('KEM'), i2osp(kemId, 2)]);
const hpkeSuite = ({ aeadId }: Suite) =>
  Buffer.concat([Buffer.from('HPKE'), i2osp(kemId, 2), i2osp(kdfId, 2), i2osp(aeadId, 2)]);

// Keys are handed over as key objects: looking at bare bytes takes Node longer than the hash does.
const hmac = (key: Buffer, ...parts: readonly Buffer[]) => {
  const mac = createHmac('sha256', createSecretKey(key));
  for (const part of parts) mac.update(part);
  return mac.digest();
};

const labeledExtract = (suite: Buffer, salt: Buffer, label: string, ikm: Buffer): Buffer =>
  hmac(salt.length === 0 ? Buffer.alloc(32) : salt, Buffer.from('HPKE-v1'), suite, Buffer.from(label), ikm);

/** At most 32 bytes, so that one block of HKDF-Expand is all there is. */
const labeledExpand = (suite: Buffer, prk: Buffer, label: string, info: Buffer, length: number): Buffer =>
  hmac(prk, i2osp(length, 2), Buffer.from('HPKE-v1'), suite, Buffer.from(label), info, i2osp(1, 1)).subarray(0, length);

const sharedSecret = (dh: Buffer, enc: Buffer, recipient: Buffer): Buffer => {
  // RFC 9180 7.1.4: a point of small order would make the secret known to everybody.
  if (dh.every((byte) => byte === 0)) throw new Error('the shared point is zero');
  const prk = labeledExtract(kemSuite, none, 'eae_prk', dh);
  return labeledExpand(kemSuite, prk, 'shared_secret', Buffer.concat([enc, recipient]), 32);
};

const keySchedule = (shared: Buffer, { suite, info }: Pick<Message, 'suite' | 'info'>): Omit<Agreed, 'enc'> => {
  const id = hpkeSuite(suite);
  const context = Buffer.concat([
    i2osp(0, 1),
    labeledExtract(id, none, 'psk_id_hash', none),
    labeledExtract(id, none, 'info_hash', info),
  ]);
  const secret = labeledExtract(id, shared, 'secret', none);
  return {
    key: labeledExpand(id, secret, 'key', context, suite.keyBytes),
    nonce: labeledExpand(id, secret, 'base_nonce', context, 12),
  };
};

/** What seals one message, and no other one: all of it but the message itself. */
export interface Agreed {
  readonly enc: Buffer;
  readonly key: Buffer;
  readonly nonce: Buffer;
}

/** `ephemeral` is made anew for each message; only a test gives one. */
export const agree = (
  recipient: Buffer,
  setting: Pick<Message, 'suite' | 'info'>,
  ephemeral: KeyPair = makeKeyPair(),
): Agreed => {
  const enc = ephemeral.publicKey;
  const dh = diffieHellman({ privateKey: ephemeral.privateKey, publicKey: importPublic(recipient) });
  return { enc, ...keySchedule(sharedSecret(dh, enc, recipient), setting) };
};

export const sealBase = ({ key, nonce }: Agreed, { suite, aad }: Message, plaintext: Buffer): Buffer => {
  const cipher = createCipheriv(suite.aead, createSecretKey(key), nonce).setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
};

/** Throws for whatever was not sealed to this key with this context. */
export const openBase = (recipient: KeyPair, message: Message, enc: Buffer, ciphertext: Buffer): Buffer => {
  if (ciphertext.length < 16) throw new Error('too short');
  const dh = diffieHellman({ privateKey: recipient.privateKey, publicKey: importPublic(enc) });
  const { key, nonce } = keySchedule(sharedSecret(dh, enc, recipient.publicKey), message);
  const decipher = createDecipheriv(message.suite.aead, createSecretKey(key), nonce, { authTagLength: 16 }).setAAD(
    message.aad,
  );
  decipher.setAuthTag(ciphertext.subarray(-16));
  return Buffer.concat([decipher.update(ciphertext.subarray(0, -16)), decipher.final()]);
};

export const makeKeyPair = (): KeyPair => {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return { privateKey, publicKey: exportPublic(publicKey) };
};

/** Of the 32 bytes of a private key. */
export const importPrivate = (bytes: Buffer): KeyPair => {
  // PKCS #8 around an X25519 key (RFC 8410).
  const der = Buffer.concat([Buffer.from('302e020100300506032b656e04220420', 'hex'), bytes]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: exportPublic(createPublicKey(privateKey)) };
};

const importPublic = (bytes: Buffer): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: bytes.toString('base64url') }, format: 'jwk' });

const exportPublic = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
