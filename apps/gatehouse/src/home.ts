import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '@gatehouse/kernel';

/**
 * The folder everything that must last is kept in: `--home`, else `GATEHOUSE_HOME`, else `.gatehouse` beside the
 * project. Made for this account alone when missing.
 * @throws Fault misconfigured, naming the folder and the flag, when it cannot be written.
 */
export const openHome = (flag: string | undefined, environment: string | undefined, root: string): string => {
  const home = resolve(flag ?? environment ?? `${root}/.gatehouse`);
  try {
    // As root another user runs PostgreSQL: it may pass through the folder, not look into it.
    mkdirSync(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    if (!statSync(home).isDirectory()) throw new Error('not a folder');
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Fault(
      'misconfigured',
      `The folder ${home} cannot be written by this account. Choose another one with --home (or GATEHOUSE_HOME).`,
      undefined,
      { cause },
    );
  }
  return home;
};
