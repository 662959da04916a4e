import { appendFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Disk, replaceFile } from '@gatehouse/host/agent';

/** Lines that are on the medium once they are said to be. */
export interface Journal {
  /** What the file held: complete lines, in order. */
  readonly lines: readonly string[];
  /** Resolves when the line is on the medium; lines that come together share one wait. Rejects where it cannot be written. */
  append(line: string): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly disk: Disk;
  readonly path: string;
  /** The lines that a new file would begin with: all that still matters. */
  snapshot(): readonly string[];
  /** The file is written anew when it has more lines than this and most of them do not matter any more. */
  readonly mostLines?: number;
}

/**
 * A file that only grows, and is written anew when most of it is history. A line that was broken off by a crash is not
 * there; after a failed write the file is written anew before anything is added to it.
 */
export const openJournal = async (options: JournalOptions): Promise<Journal> => {
  const { disk, path, snapshot, mostLines = 20_000 } = options;
  const text = new TextDecoder().decode((await disk.read(path)) ?? new Uint8Array());
  const lines = text.split('\n').slice(0, -1);
  let file: FileHandle | null = null;
  let count = lines.length;
  let limit = mostLines;
  let writing: Promise<void> | null = null;
  let waiting: { readonly line: string; done(): void; failed(error: unknown): void }[] = [];

  const anew = async () => {
    await file?.close();
    file = null;
    const kept = snapshot();
    await replaceFile(disk, path, kept.map((line) => `${line}\n`).join(''));
    count = kept.length;
    limit = mostLines;
    file = await open(path, 'a', 0o600);
  };

  /** Looked at rarely: counting what matters costs time where there is much of it. */
  const isMostlyHistory = () => {
    if (count <= limit) return false;
    limit = Math.max(mostLines, 2 * count);
    return count > 4 * snapshot().length;
  };

  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        if (file === null || isMostlyHistory()) await anew();
        const handle: FileHandle | null = file;
        if (handle === null) throw new Error('the journal is not open');
        // Into memory, which is at once; the medium is what takes its time.
        appendFileSync(handle.fd, batch.map(({ line }) => `${line}\n`).join(''));
        await handle.datasync();
        count += batch.length;
        for (const { done } of batch) done();
      } catch (error) {
        // What is at its end now, nobody knows.
        await (file as FileHandle | null)?.close().catch(() => undefined);
        file = null;
        for (const { failed } of batch) failed(error);
      }
    }
    writing = null;
  };

  return {
    lines,
    append: (line) =>
      new Promise((done, failed) => {
        waiting.push({ line, done, failed });
        writing ??= writeAll();
      }),
    async close() {
      await writing;
      await file?.close();
      file = null;
    },
  };
};
