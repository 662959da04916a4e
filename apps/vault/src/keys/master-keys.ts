import { createHash, randomBytes } from 'node:crypto';
import { StartFault } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import { type Key, type KeyRing, loadKeys, parseKeys } from '@gatehouse/server';
import { hashRaw } from '@node-rs/argon2';

/** Where the master key of a vault comes from. At most one of the two; neither: the file in the home. */
export interface MasterKeySource {
  /** Folder of `vault.master.key` and of the salt of a passphrase. */
  readonly home: string;
  /** One key of 32 bytes in base64 a line, the current one first. */
  readonly masterKey?: Secret;
  /** One passphrase a line, the current one first. */
  readonly masterPassphrase?: Secret;
}

/**
 * The master keys, which open the data keys of credentials and nothing else. The first wraps; the others still open, until
 * everything is wrapped anew (`rewrap`).
 * @throws StartFault that names the setting
 */
export const loadMasterKeys = async (source: MasterKeySource, salt: () => Promise<Buffer>): Promise<KeyRing> => {
  const { home, masterKey, masterPassphrase } = source;
  if (masterKey !== undefined && masterPassphrase !== undefined)
    throw new StartFault('Set the master key or its passphrase, not both.', '--master-key');
  if (masterKey !== undefined) return parseKeys(masterKey.reveal().replaceAll(/[\s,;]+/g, '\n'), '--master-key');
  if (masterPassphrase === undefined) return loadKeys(home, 'vault.master');
  const [current, ...older] = await Promise.all(
    masterPassphrase
      .reveal()
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map(async (passphrase) => toKey(passphrase, await salt())),
  );
  if (current === undefined) throw tooShort();
  return { current, older };
};

const toKey = async (passphrase: string, salt: Buffer): Promise<Key> => {
  if (passphrase.length < shortest) throw tooShort();
  const key = await hashRaw(passphrase, { ...cost, salt });
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
};

const tooShort = () =>
  new StartFault(`The passphrase of the master key must have ${shortest} characters or more.`, '--master-passphrase');

const shortest = 16;
/** Argon2id; about half a second and 256 MiB, once at each start. */
const cost = { memoryCost: 262_144, timeCost: 3, parallelism: 1, outputLen: 32 };

export const newSalt = (): Buffer => randomBytes(16);
