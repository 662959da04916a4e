import { Fault, Secret } from '@gatehouse/kernel';
import ssh2, { type ParsedKey } from 'ssh2';
import { toHostKey } from './host-key.ts';
import { SshFault } from './ssh-faults.ts';

/** A key pair of an account. */
export interface SshKeyPair {
  /** In OpenSSH's own form. */
  readonly privateKey: Secret;
  readonly publicKey: SshPublicKey;
}

export interface SshPublicKey {
  /** `ssh-ed25519`, `ssh-rsa` … */
  readonly type: string;
  readonly base64: string;
  readonly fingerprint: string;
}

/**
 * Makes a key pair in this process: no file, no other program. RSA has 3,072 bits unless said otherwise, and takes
 * seconds. A passphrase encrypts the private key with AES-256 under bcrypt, which holds up this process for a second, and
 * again at every reading.
 */
export const makeSshKey = (
  algorithm: 'ed25519' | 'rsa',
  { bits = 3_072, passphrase = null }: { bits?: number; passphrase?: Secret | null } = {},
): Promise<SshKeyPair> => {
  const made = Promise.withResolvers<SshKeyPair>();
  const locked = passphrase === null ? null : { passphrase: passphrase.reveal(), cipher: 'aes256-ctr', rounds: 16 };
  const done = (error: Error | null, keys: { private: string; public: string }) => {
    if (error) return made.reject(new Fault('unexpected', 'No key could be made.', error.message));
    // ssh2 loses the first byte of a public key where that is zero, of one in 256, and nothing can read what is left.
    if (ssh2.utils.parseKey(keys.public) instanceof Error) return make();
    const publicKey = toPublicKey(Buffer.from(keys.public.split(' ')[1] ?? '', 'base64'));
    made.resolve({ privateKey: new Secret(keys.private), publicKey });
  };
  const make = () => {
    if (algorithm === 'ed25519') ssh2.utils.generateKeyPair('ed25519', locked ?? {}, done);
    else ssh2.utils.generateKeyPair('rsa', locked === null ? { bits } : { bits, ...locked }, done);
  };
  make();
  return made.promise;
};

/** The public half of a private key. Throws a `misconfigured` Fault where it cannot be read with this passphrase. */
export const publicKeyOf = (privateKey: Secret, passphrase: Secret | null): SshPublicKey =>
  toPublicKey(readKey(privateKey, passphrase).getPublicSSH());

const toPublicKey = (blob: Buffer): SshPublicKey => {
  const { type, fingerprint, base64 } = toHostKey(blob);
  return { type, fingerprint, base64 };
};

/** A key under a passphrase takes half a second of this process, so it is read once. Throws a `misconfigured` Fault. */
export const readKey = (privateKey: Secret, passphrase: Secret | null): ParsedKey => {
  const key = ssh2.utils.parseKey(privateKey.reveal(), passphrase?.reveal());
  if (!(key instanceof Error) && key.isPrivateKey()) return key;
  throw new SshFault({
    ...{ kind: 'misconfigured', problem: 'unreadable key', detail: 'the private key does not parse' },
    advice: 'The private key cannot be read. Check that it is whole, and that the passphrase is the right one.',
  });
};
