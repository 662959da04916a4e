import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import { Secret } from '@gatehouse/kernel';
import type { Principal } from './access.ts';
import { isSameSecret, newToken } from './tokens.ts';

export const operator: Principal = { kind: 'operator', name: 'Operator of this machine', systemAdministrator: true };

/** Where the command line finds the token of a running program. */
export const operatorTokenPath = (home: string, program: string): string => join(home, `${program}.token`);

/** What the command line of this machine shows instead of a sign-in. */
export interface OperatorToken {
  /** Whether this is what the file held when this copy of the program started, or holds now. */
  opens(presented: string): Promise<boolean>;
}

const prefix = 'gho_';

/**
 * Writes a new token for the command line on this machine, readable by the account that runs the program and nobody
 * else. A new one at every start: a copy of an old file opens nothing. Several copies of a program on one home besides
 * take what the file holds now, which is the token of whichever started last.
 */
export const writeOperatorToken = async (home: string, program: string): Promise<OperatorToken> => {
  const path = operatorTokenPath(home, program);
  const own = newToken(prefix);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    // Written beside and moved, so that a reader never sees half a token.
    const beside = `${path}.${process.pid}`;
    await writeFile(beside, `${own.reveal()}\n`, { mode: 0o600 });
    await chmod(beside, 0o600);
    await rename(beside, path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartFault(`The folder ${home} cannot be written (${why}). Choose another with --home.`, '--home', {
      cause: error,
    });
  }
  return {
    opens: async (presented) => {
      if (!presented.startsWith(prefix)) return false;
      if (isSameSecret(presented, own)) return true;
      const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
      return kept.startsWith(prefix) && isSameSecret(presented, new Secret(kept));
    },
  };
};
