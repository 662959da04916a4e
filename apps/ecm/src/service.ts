import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { hasSystemd, startAtBoot } from '@gatehouse/host/agent';
import { ecm } from './agent.ts';
import { tokenKeyName } from './tokens/index.ts';

const keyFile = `/etc/credstore.encrypted/gatehouse-${tokenKeyName}`;

/** Makes a service of the ECM where that is wanted and possible; says what was done, or what makes one. */
export const startWithMachine = (
  of: { readonly program: string; readonly home: string },
  isWanted: boolean,
): readonly string[] => {
  const made = isWanted && hasSystemd() && makeKey();
  const hasKey = made || existsSync(keyFile);
  const started = {
    ...{ ...of, agent: ecm, node: process.execPath },
    // Only where the file is there: systemd starts no unit whose credential is missing.
    more: hasKey ? [`LoadCredentialEncrypted=${tokenKeyName}:${keyFile}`] : [],
  };
  const lines = startAtBoot(started, isWanted);
  if (process.platform === 'win32')
    return [...lines, `\n  Tokens of the vault are kept in memory only. ${byPassphrase}`];
  return hasKey
    ? lines
    : [
        ...lines,
        `\n  Tokens of the vault are kept in memory only. To keep them over restarts, make a key that systemd holds (as root):`,
        `  head -c 32 /dev/urandom | base64 | systemd-creds encrypt --name=${tokenKeyName} - ${keyFile}`,
        `  and add to the section [Service]: LoadCredentialEncrypted=${tokenKeyName}:${keyFile}`,
        `  ${byPassphrase}`,
      ];
};

const byPassphrase =
  'Where nothing holds a key, a passphrase does: GATEHOUSE_ECM_TOKEN_PASSPHRASE_FILE names a file of it, outside the folder of the ECM.';

/** A key for the token cache, encrypted with the TPM or the key of the machine; false where systemd cannot. */
const makeKey = (): boolean => {
  if (existsSync(keyFile)) return true;
  try {
    mkdirSync(dirname(keyFile), { recursive: true, mode: 0o700 });
    execFileSync('systemd-creds', ['encrypt', `--name=${tokenKeyName}`, '-', keyFile], {
      ...{ input: randomBytes(32).toString('base64'), stdio: ['pipe', 'ignore', 'ignore'], timeout: 30_000 },
    });
    return existsSync(keyFile);
  } catch {
    // Systems before systemd 250 have no such command; tokens are kept in memory then, as is said.
    return false;
  }
};
