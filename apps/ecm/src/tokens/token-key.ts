import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the credential that systemd hands to the unit. */
export const tokenKeyName = 'ecm-token-key';

/** What tokens are sealed with at rest, and in words where it comes from. Null: tokens are kept in memory only. */
export interface TokenKey {
  readonly key: Buffer | null;
  readonly where: string;
}

/**
 * Looks for a key that the file system does not hold in clear. On Linux that is a credential of systemd: its file is
 * encrypted with the TPM, or with a key of the machine that only root may read, and systemd opens it into memory for
 * this unit alone. There is no such thing elsewhere, and a key that this program kept beside the tokens would only look
 * like one: then nothing is written.
 */
export const findTokenKey = async (environment: NodeJS.ProcessEnv): Promise<TokenKey> => {
  const folder = environment.CREDENTIALS_DIRECTORY;
  if (folder === undefined || folder === '')
    return { key: null, where: 'Tokens are kept in memory only: systemd hands no key to this process.' };
  const text = await readFile(join(folder, tokenKeyName), 'utf8').catch(() => '');
  const key = Buffer.from(text.trim(), 'base64');
  return key.length === 32
    ? { key, where: 'Tokens are kept encrypted, with a key that systemd holds.' }
    : { key: null, where: `Tokens are kept in memory only: ${tokenKeyName} is not 32 bytes in base64.` };
};
