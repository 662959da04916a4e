import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
const leastRoomBytes = 4 * 2 ** 30;

/**
 * A new folder that everybody may pass through, because a server that root starts runs as somebody else. In memory where
 * there is room: databases of tests and their tables come and go, and a disk searches long for names of files to reuse.
 */
export const makeScratch = (prefix: string): string => {
  const folder = mkdtempSync(join(hasRoom() ? memory : tmpdir(), prefix));
  chmodSync(folder, 0o711);
  // Also where somebody interrupts the tests: memory is not kept by what is left.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const hasRoom = (): boolean => {
  try {
    accessSync(memory, constants.W_OK);
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, freemem()) >= leastRoomBytes;
  } catch {
    return false;
  }
};
