import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { StartFault } from '@gatehouse/database';
import { readOwnFile } from './own-file.ts';

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
  return parseKeys(await readOwnFile(path, () => `${randomBytes(32).toString('base64')}\n`), path);
};
