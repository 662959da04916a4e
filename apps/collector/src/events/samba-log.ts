import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ArrivingLog } from '@gatehouse/host';
import type { Disk } from '@gatehouse/host/agent';
import type { Clock } from '@gatehouse/kernel';
import { createFileLog, type Listed } from './file-log.ts';
import { momentOf } from './moment.ts';

export interface SambaLogOptions {
  readonly path: string;
  /** The controller that writes it. */
  readonly computer: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly ledger: string;
  readonly quietMs?: number;
}

/**
 * The file of Samba's JSON audit, followed over its rotation: whether the file gets another name (Samba itself names it
 * `.old`, logrotate `.1`), or is copied and cut off (copytruncate), what was not read of it yet is read there.
 */
export const createSambaLog = (options: SambaLogOptions): ArrivingLog => {
  const { path, computer, disk, clock, ledger, quietMs } = options;
  const [folder, own] = [dirname(path), basename(path)];
  return createFileLog({
    ...{ id: 'samba', name: `Samba’s audit log ${path}`, zone: null, computer, disk, clock, ledger },
    ...(quietMs !== undefined && { quietMs }),
    async list() {
      const names = (await disk.list(folder)).filter((name) => name !== own && name.startsWith(`${own}.`));
      const others = await Promise.all(
        names.map(async (name): Promise<Listed & { at: number }> => {
          const { mtimeMs } = await stat(join(folder, name)).catch(() => ({ mtimeMs: 0 }));
          return { path: join(folder, name), name, isRest: true, at: mtimeMs };
        }),
      );
      return [...others.sort((a, b) => a.at - b.at), { path, name: own }];
    },
    // What had another name already was read to its end there.
    missing: ({ name, to, writtenAt }) =>
      name === own
        ? {
            code: 'event-file-gone',
            advice: `Samba’s audit log ${path} was taken away or replaced after ${to} bytes of it were read. What was written to it between ${momentOf(writtenAt)} and ${momentOf(clock.now().getTime())} may not have been read. Let logrotate keep one file uncompressed (delaycompress).`,
          }
        : null,
  });
};
