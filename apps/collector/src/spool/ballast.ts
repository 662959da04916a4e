import { type Disk, isDiskFull } from '@gatehouse/host/agent';

/** A file that is given up when the disk is full, so that there is room to write down what has to go. */
export interface Ballast {
  /** Writes it. Where there is no room for it, there is none. */
  load(): Promise<void>;
  release(): Promise<void>;
}

export const createBallast = (disk: Disk, path: string, bytes: number): Ballast => ({
  async load() {
    try {
      // Random bytes: a file system that compresses would keep no room for zeros.
      await disk.write(path, crypto.getRandomValues(new Uint8Array(bytes)));
    } catch (error) {
      await disk.remove(path);
      if (!isDiskFull(error)) throw error;
    }
  },
  release: () => disk.remove(path),
});
