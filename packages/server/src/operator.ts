import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import type { Secret } from '@gatehouse/kernel';
import type { Principal } from './access.ts';
import { newToken } from './tokens.ts';

export const operator: Principal = { kind: 'operator', name: 'Operator of this machine', systemAdministrator: true };

/** Where the command line finds the token of a running program. */
export const operatorTokenPath = (home: string, program: string): string => join(home, `${program}.token`);

/**
 * Writes a new token for the command line on this machine, readable by the account that runs the program and nobody
 * else. A new one at every start: a copy of an old file opens nothing.
 */
export const writeOperatorToken = async (home: string, program: string): Promise<Secret> => {
  const token = newToken('gho_');
  const path = operatorTokenPath(home, program);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    // Written beside and moved, so that a reader never sees half a token.
    const beside = `${path}.${process.pid}`;
    await writeFile(beside, `${token.reveal()}\n`, { mode: 0o600 });
    await chmod(beside, 0o600);
    await rename(beside, path);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartFault(`The folder ${home} cannot be written (${why}). Choose another with --home.`, '--home', {
      cause: error,
    });
  }
  return token;
};
