import { createHash } from 'node:crypto';
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { StartFault } from '../start-fault.ts';

/** Another user than ours, because PostgreSQL refuses to run as root. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Where a cluster lives and who runs it. */
export interface Place {
  /** The folder of the password, the log and (unless only root may enter it) the data. */
  readonly home: string;
  /** The data folder of PostgreSQL. */
  readonly data: string;
  /** null: as ourselves. */
  readonly runAs: RunAs | null;
}

/** Creates and tries `home`; decides where the data can be served from. */
export const choosePlace = (home: string, systemFolder: string, onProgress: (text: string) => void): Place => {
  const folder = resolve(home);
  makeWritable(folder);
  if (process.getuid?.() !== 0) return { home: folder, data: join(folder, 'postgres'), runAs: null };

  const pointer = join(folder, 'postgres-folder');
  if (mayEnter(folder)) {
    rmSync(pointer, { force: true });
    const data = join(folder, 'postgres');
    return { home: folder, data, runAs: owner(data) };
  }
  const elsewhere = join(systemFolder, createHash('sha256').update(folder).digest('hex').slice(0, 16));
  onProgress(`Only root may enter ${folder}, so the database is kept in ${elsewhere}.`);
  mkdirSync(elsewhere, { recursive: true });
  // Said apart from mkdir, because a umask would take the rights away.
  chmodSync(systemFolder, 0o755);
  chmodSync(elsewhere, 0o711);
  writeFileSync(pointer, `${join(elsewhere, 'postgres')}\n`);
  writeFileSync(join(elsewhere, 'home'), `${folder}\n`);
  const data = join(elsewhere, 'postgres');
  return { home: folder, data, runAs: owner(data) };
};

const makeWritable = (folder: string): void => {
  try {
    mkdirSync(folder, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    const probe = join(folder, `.writable-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    accessSync(folder, constants.R_OK | constants.X_OK);
  } catch (cause) {
    const reason = reasons[cause instanceof Error && 'code' in cause ? String(cause.code) : ''] ?? 'cannot be written';
    throw new StartFault(`The folder ${folder} ${reason}. Choose another with --home.`, '--home', { cause });
  }
};

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a disk that is read-only',
  ENOSPC: 'is on a disk that is full',
  ENOTDIR: 'lies under a file',
  EEXIST: 'is a file',
};

/** Every folder from the root down may be entered by any user. */
const mayEnter = (folder: string): boolean => {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
};

/**
 * Who runs a cluster when we are root: whoever owns its data already, else the user `gatehouse` where the machine has
 * one, else `nobody`. It must be a user the machine knows, because initdb refuses others.
 */
const owner = (data: string): RunAs => {
  const found = statSync(data, { throwIfNoEntry: false });
  if (found && found.uid !== 0) return { uid: found.uid, gid: found.gid };
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = ['gatehouse', 'nobody'].map((name) => users.find((fields) => fields[0] === name)).find((one) => one);
  if (!user) {
    throw new StartFault(
      'PostgreSQL does not run as root, and this machine has neither a user gatehouse nor nobody. Add one, or use --database-url.',
      '--database-url',
    );
  }
  return { uid: Number(user[2]), gid: Number(user[3]) };
};
