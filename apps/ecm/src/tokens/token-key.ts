import { randomBytes, scrypt } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type Disk, replaceFile } from '@gatehouse/host/agent';
import { Secret } from '@gatehouse/kernel';
import { tokenFolder } from './token-files.ts';

/** The name of the credential that systemd hands to the unit. */
export const tokenKeyName = 'ecm-token-key';

/** What tokens are sealed with at rest, and in words where it comes from. Null: tokens are kept in memory only. */
export interface TokenKey {
  readonly key: Buffer | null;
  readonly where: string;
}

/**
 * Looks for a key that the folder of the ECM does not hold. Where there is systemd that is one of its credentials: the
 * file is encrypted with the TPM, or with a key of the machine that only root may read, and systemd opens it into memory
 * for this unit alone. Elsewhere an administrator may give a passphrase, in a file of another place or in the
 * environment: the key is derived from it. A key that this program kept beside the tokens would only look like one:
 * without any of these nothing is written.
 */
export const findTokenKey = async (
  environment: NodeJS.ProcessEnv,
  at: { readonly disk: Disk; readonly home: string },
): Promise<TokenKey> => {
  const folder = environment.CREDENTIALS_DIRECTORY;
  if (folder) {
    const text = await readFile(join(folder, tokenKeyName), 'utf8').catch(() => null);
    if (text !== null) {
      const key = Buffer.from(text.trim(), 'base64');
      return key.length === 32
        ? { key, where: 'Tokens are kept encrypted, with a key that systemd holds.' }
        : inMemory(`${tokenKeyName} is not 32 bytes in base64`);
    }
  }
  const file = environment.GATEHOUSE_ECM_TOKEN_PASSPHRASE_FILE;
  if (file) {
    const read = await readPassphrase(file, at.home);
    if (typeof read === 'string') return inMemory(read);
    return derived(read, at, `the passphrase in ${file}`);
  }
  const text = environment.GATEHOUSE_ECM_TOKEN_PASSPHRASE;
  if (text) return derived(new Secret(text), at, 'the passphrase in GATEHOUSE_ECM_TOKEN_PASSPHRASE');
  return inMemory('systemd hands no key to this process, and there is no passphrase for one');
};

const inMemory = (why: string): TokenKey => ({ key: null, where: `Tokens are kept in memory only: ${why}.` });

const shortest = 16;

const derived = async (
  passphrase: Secret,
  { disk, home }: { readonly disk: Disk; readonly home: string },
  from: string,
): Promise<TokenKey> => {
  if (passphrase.reveal().length < shortest) return inMemory(`${from} is shorter than ${shortest} characters`);
  const salt = await saltOf(disk, home);
  const key = await new Promise<Buffer>((resolve, reject) =>
    scrypt(passphrase.reveal(), salt, 32, cost, (error, made) => (error ? reject(error) : resolve(made))),
  );
  return { key, where: `Tokens are kept encrypted, with a key from ${from}.` };
};

/** About a tenth of a second, once at each start. */
const cost = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 2 ** 20 };

/** Of this folder: the same passphrase gives another key elsewhere. It tells nothing by itself. */
const saltOf = async (disk: Disk, home: string): Promise<Uint8Array> => {
  const path = join(tokenFolder(home), 'salt');
  const kept = await disk.read(path);
  if (kept !== null && kept.length === 16) return kept;
  const made = randomBytes(16);
  await disk.makeFolder(tokenFolder(home));
  await replaceFile(disk, path, made);
  return made;
};

/** Or why it is not used. Beside the tokens, or open to others, it would keep them from nobody. */
const readPassphrase = async (file: string, home: string): Promise<Secret | string> => {
  try {
    const way = relative(await realpath(home), await realpath(file));
    if (!way.startsWith('..')) return `${file} is in the folder of the ECM. Keep the passphrase elsewhere`;
    // Windows tells the rights of a file in another way; there the folder is the administrator's to close.
    if (process.platform !== 'win32' && ((await stat(file)).mode & 0o077) !== 0)
      return `${file} is open to others (chmod 600)`;
    return new Secret((await readFile(file, 'utf8')).replace(/\r?\n$/, ''));
  } catch {
    return `${file} cannot be read`;
  }
};
