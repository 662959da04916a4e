import { mkdir, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ArrivingLog } from '@gatehouse/host';
import { type Disk, exists } from '@gatehouse/host/agent';
import { type Clock, Fault } from '@gatehouse/kernel';
import { createFileLog } from './file-log.ts';
import { momentOf } from './moment.ts';

export interface DropFolderOptions {
  readonly folder: string;
  /** Files that were read stay where they are; else they are moved to `done` in the folder. */
  readonly keeps: boolean;
  readonly zone: string | null;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly ledger: string;
  readonly quietMs?: number;
}

/** A file into which somebody may still write: taken away, what comes would be lost. */
const idleMs = 3_600_000;

/** Files of events that somebody puts into a folder. Folders in it are not looked into. */
export const createDropFolder = (options: DropFolderOptions): ArrivingLog => {
  const { folder, keeps, zone, disk, clock, ledger, quietMs } = options;
  return createFileLog({
    ...{ id: 'folder', name: `The folder ${folder}`, zone, computer: null, disk, clock, ledger },
    ...(quietMs !== undefined && { quietMs }),
    async list() {
      if (!(await exists(folder)))
        throw new Fault(
          'misconfigured',
          `The folder of event files, ${folder}, is not there. Make it, or set another.`,
        );
      const names = await disk.list(folder);
      return names
        .filter((name) => name !== 'done' && !/^\.|~$|\.(?:tmp|part|partial|crdownload)$/i.test(name))
        .map((name) => ({ path: join(folder, name), name }));
    },
    // A file that was read may be removed, moved away or replaced; one that became shorter was cut off.
    missing: ({ name, to, writtenAt }, size) =>
      size !== null && size < to
        ? {
            code: 'event-file-truncated',
            advice: `${name} was cut off or replaced after ${to} bytes of it were read, written until ${momentOf(writtenAt)}. What was written since, and was gone before it was read, is lost.`,
          }
        : null,
    ...(!keeps && {
      async finish({ path }, form, writtenAt) {
        if (form !== 'whole' && clock.now().getTime() - writtenAt < idleMs) return;
        const done = join(folder, 'done');
        await mkdir(done, { recursive: true });
        const plain = join(done, basename(path));
        const isTaken = await exists(plain);
        await rename(path, isTaken ? `${plain}.${clock.now().getTime()}` : plain);
      },
    }),
  });
};
