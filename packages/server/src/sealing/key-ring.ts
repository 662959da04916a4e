import { createHash, randomBytes } from 'node:crypto';
import { chmod, open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';

/** One 256-bit key and the short name that sealed values carry, so that the right key is found after a rotation. */
export interface Key {
  readonly id: string;
  readonly key: Buffer;
}

/** `current` seals; all of them open. */
export interface KeyRing {
  readonly current: Key;
  readonly older: readonly Key[];
}

/** Text with one base64 key a line, the current one first. Lines that begin with `#` are remarks. */
export const parseKeys = (text: string, from: string): KeyRing => {
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Key => {
      const key = Buffer.from(line, 'base64');
      if (key.length !== 32) {
        throw new StartFault(
          `${from} must hold one key of 32 bytes in base64 a line. One of its lines does not.`,
          '--home',
        );
      }
      return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
    });
  const [current, ...older] = keys;
  if (!current) throw new StartFault(`${from} holds no key.`, '--home');
  return { current, older };
};

/**
 * The keys in `<home>/<program>.key`, mode 0600; makes the file with one new key where there is none. Whoever has
 * this file and the database can read every sealed setting, so a file that others may read is refused.
 */
export const loadKeys = async (home: string, program: string): Promise<KeyRing> => {
  const path = join(home, `${program}.key`);
  await createOnce(path);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new StartFault(
      `Others may read ${path}. Close it with chmod 600, or choose another folder with --home.`,
      '--home',
    );
  }
  return parseKeys(await readFile(path, 'utf8'), path);
};

/** Never overwrites: a lost key is lost settings. */
const createOnce = async (path: string): Promise<void> => {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('base64')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(path, 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new StartFault(
      `The key file ${path} cannot be written (${why}). Choose another folder with --home.`,
      '--home',
      { cause: error },
    );
  }
};
