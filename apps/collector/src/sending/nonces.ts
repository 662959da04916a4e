import { type Disk, replaceFile } from '@gatehouse/host/agent';

/** Numbers that only grow, over restarts, crashes and clocks that go back: the server takes none twice. */
export interface Nonces {
  next(): Promise<number>;
  /** The server has seen larger ones than it was given; goes beyond what it can have seen by its own time, then further. */
  raise(serverNow: Date): void;
  /** One was accepted. */
  accepted(): void;
}

/** How many are handed out for each write to disk; a crash skips at most so many. */
const block = 1_000;
/** Microseconds: a number for each moment, so that a collector whose files were restored is not behind for long. */
const ofTime = (now: Date) => now.getTime() * 1_000;

export const openNonces = async (disk: Disk, path: string, now: Date): Promise<Nonces> => {
  const text = await disk.read(path);
  const stored = text === null ? 0 : Number(new TextDecoder().decode(text));
  let last = Math.max(Number.isSafeInteger(stored) ? stored : 0, ofTime(now));
  let reserved = last;
  let leap = 1;

  return {
    async next() {
      last++;
      if (last > reserved) {
        reserved = last + block;
        await replaceFile(disk, path, String(reserved));
      }
      return last;
    },
    raise(serverNow) {
      last = Math.min(Math.max(last + leap, ofTime(serverNow)), 9e15);
      // A thousand seconds, then ten times as much: whatever the server has seen is passed in a few steps.
      leap = leap === 1 ? 1e9 : Math.min(leap * 10, 1e15);
    },
    accepted() {
      leap = 1;
    },
  };
};
