import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The file system in the steps that survive a crash. Each call is one step: between any two of them the power may fail.
 * Whoever writes something that must last writes it, gives it its name, and settles the folder.
 */
export interface Disk {
  /** Makes a folder that only its owner may enter, with those above it. */
  makeFolder(path: string): Promise<void>;
  /** Names in a folder, in order; none where there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** Null where there is no such file. */
  read(path: string): Promise<Uint8Array | null>;
  /** Writes a whole file that only its owner may read; its bytes are on the medium when this resolves. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Gives a file another name, in place of the file that had it. */
  rename(from: string, to: string): Promise<void>;
  /** No such file is a success. Folders go with all that is in them. */
  remove(path: string): Promise<void>;
  /** The names in a folder are on the medium when this resolves. */
  settle(folder: string): Promise<void>;
}

export const realDisk: Disk = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: async (path) => (await orNull(readdir(path)))?.sort() ?? [],
  read: (path) => orNull(readFile(path)),
  async write(path, bytes) {
    const file = await open(path, 'w', 0o600);
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  async settle(folder) {
    // Windows keeps names itself and opens no folder for this.
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** The file is the old one or the new one at every instant, and the new one when this resolves. */
export const replaceFile = async (disk: Disk, path: string, content: string | Uint8Array): Promise<void> => {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const fresh = `${path}.new`;
  try {
    await disk.write(fresh, bytes);
  } catch (error) {
    // A half-written file would only take up the room that is missing.
    await disk.remove(fresh).catch(() => undefined);
    throw error;
  }
  await disk.rename(fresh, path);
  await disk.settle(dirname(path));
};

/** True for the errors of a medium that is full, or of a quota that is. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    // Below a file there is nothing, either.
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code))) return null;
    throw error;
  }
};

/** True where something has that name. */
export const exists = async (path: string): Promise<boolean> => (await orNull(stat(path))) !== null;
