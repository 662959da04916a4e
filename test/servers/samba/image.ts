import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeAuthorityCertificates } from './certificates.ts';
import { sambaConfiguration, sysvolOf } from './configuration.ts';
import { withLock } from './lock.ts';
import { run, tryRun } from './run.ts';
import { administratorPassword, controller, dnsDomain, domainSid, netbiosDomain, realm } from './seed/names.ts';
import { policyFiles } from './seed/policies.ts';
import { type LocalDirectory, type Size, seed } from './seed/seed.ts';

/** After that the seeded ages are too old, and the passwords of readers near their end. */
const maxAgeMs = 30 * 86_400_000;

/**
 * Unpacks a provisioned and seeded domain into an empty folder; gives the time that its ages count from. The packed
 * folder is kept in the user's cache under a digest of what it is made from, and made again when it is missing, old or
 * cannot be unpacked. Making the small one takes some 20 seconds, the large one minutes.
 */
export const unpackImage = async (size: Size, folder: string): Promise<Date> => {
  const image = join(cacheFolder(), `${size}-${await digest()}.tar.gz`);
  const unpacked = await tryUnpack(image, folder);
  if (unpacked !== null) return unpacked;
  return withLock(join(cacheFolder(), `${size}.lock`), async () => {
    // Somebody else may have made it while we waited.
    const theirs = await tryUnpack(image, folder);
    if (theirs !== null) return theirs;
    await makeImage(size, image);
    const made = await tryUnpack(image, folder);
    if (made === null) throw new Error(`The new image ${image} cannot be unpacked.`);
    return made;
  });
};

/** A home of its own by XDG_CACHE_HOME, else the user's. */
export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'gatehouse', 'samba');

const seededAtFile = 'seeded-at';

/** Null when there is no image that can be used; the folder is empty then. */
const tryUnpack = async (image: string, folder: string): Promise<Date | null> => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (!existsSync(image) || Date.now() - statSync(image).mtimeMs > maxAgeMs) return null;
  const { code } = await tryRun('tar', [
    '--xattrs',
    '--xattrs-include=*',
    '--numeric-owner',
    '-xzf',
    image,
    '-C',
    folder,
  ]);
  const stamp = join(folder, seededAtFile);
  if (code === 0 && existsSync(stamp)) return new Date(readFileSync(stamp, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return null;
};

const makeImage = async (size: Size, image: string): Promise<void> => {
  // Under a name of its own per size, and we hold the lock: what is there was left by a process that was killed.
  const scratch = join(dirname(image), `${size}.making`);
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const folder = join(scratch, 'domain');
  try {
    const now = new Date();
    await provision(folder);
    const authorities = await makeAuthorityCertificates(join(scratch, 'authorities'));
    await seed(directoryIn(folder), size, now, authorities);
    await writePolicyFiles(folder);
    writeFileSync(join(folder, seededAtFile), now.toISOString());
    const packed = join(scratch, 'packed.tar.gz');
    await run('tar', [
      '--xattrs',
      '--xattrs-include=*',
      '--numeric-owner',
      '-I',
      'gzip -1',
      '-cf',
      packed,
      '-C',
      folder,
      '.',
    ]);
    renameSync(packed, image);
    for (const name of readdirSync(dirname(image)))
      if (name.startsWith(`${size}-`) && name.endsWith('.tar.gz') && join(dirname(image), name) !== image)
        rmSync(join(dirname(image), name), { force: true });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const provision = async (folder: string): Promise<void> => {
  await run('samba-tool', [
    ...['domain', 'provision', '--realm', realm, '--domain', netbiosDomain, '--domain-sid', domainSid],
    ...['--server-role=dc', '--dns-backend=SAMBA_INTERNAL', '--use-rfc2307', '--base-schema=2012_R2'],
    ...['--host-name', controller.split('.')[0] ?? '', '--host-ip=127.0.0.1', `--adminpass=${administratorPassword}`],
    ...['--targetdir', folder, '--option=interfaces=lo', '--option=bind interfaces only=yes'],
  ]);
  for (const name of ['run', 'log', 'cache']) mkdirSync(join(folder, name), { recursive: true, mode: 0o755 });
};

/** Sets pwdLastSet to any time, which the directory otherwise reserves for itself. */
const keepPasswordAge = 'local_oid:1.3.6.1.4.1.7165.4.3.20:0';

const directoryIn = (folder: string): LocalDirectory => {
  const database = join(folder, 'private', 'sam.ldb');
  return {
    modify: async (ldif) => {
      const controls = ['relax:0', keepPasswordAge, 'show_deleted:1'].map((control) => `--controls=${control}`);
      const options = ['--nosync', '--option=dsdb:schema update allowed=yes'];
      const timeoutMs = 600_000;
      await run('ldbmodify', ['-H', database, ...controls, ...options], { input: ldif, timeoutMs });
    },
    search: (filter, attributes) =>
      run('ldbsearch', ['-H', database, '--cross-ncs', '--show-deleted', filter, ...attributes]),
  };
};

/** Files of group policies, with the descriptors that their objects in the directory have. */
const writePolicyFiles = async (folder: string): Promise<void> => {
  for (const [path, content] of policyFiles()) {
    const file = join(sysvolOf(folder), dnsDomain, 'Policies', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  const configuration = join(folder, 'seed.conf');
  writeFileSync(configuration, sambaConfiguration(folder, '127.0.0.1'));
  await run('samba-tool', ['ntacl', 'sysvolreset', '-s', configuration]);
  rmSync(configuration);
};

/** Of everything an image is made from: these sources and Samba's version. */
const digest = async (): Promise<string> => {
  const hash = createHash('sha256').update(await run('/usr/sbin/samba', ['--version']));
  const here = import.meta.dirname;
  const seeds = readdirSync(join(here, 'seed')).map((name) => join('seed', name));
  for (const path of ['image.ts', 'certificates.ts', 'configuration.ts', ...seeds].toSorted())
    if (!path.endsWith('.test.ts')) hash.update(path).update(readFileSync(join(here, path)));
  return hash.digest('hex').slice(0, 24);
};
