import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Secret } from '@gatehouse/kernel';
import { StartFault } from '../start-fault.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';

/** The owner of everything in the embedded server. */
export const superuser = 'gatehouse';

/** Makes the data folder where there is none; refuses one that is not ours or not whole. Never overwrites. */
export const ensureCluster = async (
  place: Place,
  binaries: Binaries,
  isDurable: boolean,
  onProgress: (text: string) => void,
): Promise<Secret> => {
  const passwordFile = join(place.home, 'postgres-password');
  if (isEmpty(place.data)) {
    onProgress(`Making a database in ${place.data} …`);
    const password = new Secret(randomBytes(24).toString('base64url'));
    // First the password: a data folder without it would be lost.
    writeFileSync(passwordFile, `${password.reveal()}\n`, { mode: 0o600 });
    await initialise(place, binaries, password, isDurable);
    return password;
  }
  inspect(place.data, binaries.major);
  const password = readPassword(passwordFile);
  if (password) return password;
  throw new StartFault(
    `There is a database in ${place.data}, but not its password in ${passwordFile}. Put that file back, or choose another folder with --home.`,
    '--home',
  );
};

export const readPassword = (file: string): Secret | null => {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return text === '' ? null : new Secret(text);
};

const isEmpty = (folder: string): boolean => !existsSync(folder) || readdirSync(folder).length === 0;

const inspect = (data: string, major: number): void => {
  const version = join(data, 'PG_VERSION');
  const found = existsSync(version) ? readFileSync(version, 'utf8').trim() : null;
  if (found === String(major)) return;
  throw new StartFault(
    found === null
      ? `The folder ${data} holds something, but not a whole database (PG_VERSION is missing). Restore it from a backup, or choose another folder with --home.`
      : `The database in ${data} was made by PostgreSQL ${found}, and this Gatehouse brings PostgreSQL ${major}. Use the Gatehouse it was made with, or choose another folder with --home.`,
    '--home',
  );
};

/** Into a folder beside, then renamed: an interrupted start leaves nothing that looks like a database. */
const initialise = async (place: Place, binaries: Binaries, password: Secret, isDurable: boolean): Promise<void> => {
  const fresh = `${place.data}.new-${process.pid}`;
  const passwordCopy = `${fresh}.password`;
  try {
    mkdirSync(fresh, { mode: 0o700 });
    writeFileSync(passwordCopy, password.reveal(), { mode: 0o600 });
    if (place.runAs) {
      chownSync(fresh, place.runAs.uid, place.runAs.gid);
      chownSync(passwordCopy, place.runAs.uid, place.runAs.gid);
    }
    const { code, output } = await run(
      join(binaries.folder, 'bin', 'initdb'),
      [
        `--pgdata=${fresh}`,
        `--username=${superuser}`,
        `--pwfile=${passwordCopy}`,
        ...initdbOptions,
        ...(isDurable ? [] : ['--no-sync']),
      ],
      place,
    );
    if (code !== 0) {
      const reason = output.split('\n').find((line) => /error|fatal|could not/i.test(line)) ?? `it ended with ${code}`;
      throw new StartFault(
        `A database could not be made in ${place.data}: ${reason.trim()}. Choose another folder with --home.`,
        '--home',
      );
    }
    renameSync(fresh, place.data);
  } catch (cause) {
    if (cause instanceof StartFault) throw cause;
    throw new StartFault(
      `A database could not be made in ${place.data}. Make that folder writable, or choose another with --home.`,
      '--home',
      { cause },
    );
  } finally {
    rmSync(passwordCopy, { force: true });
    rmSync(fresh, { recursive: true, force: true });
  }
};

// macOS has no C.UTF-8 of its own; the one that is built in sorts and folds the same everywhere.
const locale = process.platform === 'darwin' ? ['--locale=C', '--lc-ctype=UTF-8'] : ['--locale=C.UTF-8'];
const initdbOptions = [
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  ...locale,
  '--no-instructions',
];

const run = (program: string, args: readonly string[], place: Place) =>
  new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(program, args, {
      ...place.runAs,
      cwd: '/',
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });

/** Nothing of ours reaches PostgreSQL: no PG* variable, no locale, no time zone. */
export const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
