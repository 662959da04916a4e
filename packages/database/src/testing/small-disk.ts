import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of its own that a test can fill and make larger. */
export interface SmallDisk {
  readonly folder: string;
  usedBytes(): number;
  resize(bytes: number): void;
  close(): void;
}

export const makeSmallDisk = (bytes: number): SmallDisk => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-small-disk-'));
  const made = mount(['-t', 'tmpfs', '-o', `size=${bytes},mode=0711`, 'tmpfs', folder]);
  if (made !== null) {
    rmSync(folder, { recursive: true });
    throw new Error(made);
  }
  chmodSync(folder, 0o711);
  return {
    folder,
    usedBytes: () => {
      const { blocks, bfree, bsize } = statfsSync(folder);
      return (blocks - bfree) * bsize;
    },
    resize: (size) => {
      const refused = mount(['-o', `remount,size=${size}`, folder]);
      if (refused !== null) throw new Error(refused);
    },
    close: () => {
      // Lazily, so that a process which ends late does not keep it.
      spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Why no small disk can be made here, for the title of a test that needs one; null where it can. */
export const noSmallDisk = (): string | null => {
  if (process.platform !== 'linux') return 'only Linux makes a disk of memory';
  if (process.getuid?.() !== 0) return 'only root can make a disk that fills up';
  try {
    makeSmallDisk(2 ** 20).close();
    return null;
  } catch {
    return 'mounting is refused here';
  }
};

const mount = (args: readonly string[]): string | null => {
  const { status, stderr, error } = spawnSync('mount', args, { encoding: 'utf8' });
  return status === 0 ? null : (error?.message ?? stderr.trim());
};
