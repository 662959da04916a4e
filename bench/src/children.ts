import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { DirectoryRead, DirectoryTask } from './directory-worker.ts';
import type { Size } from './sizes.ts';
import type { SyncResult, SyncTask } from './sync-worker.ts';

const start = (file: string, args: readonly string[]) =>
  fork(join(import.meta.dirname, file), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });

const answer = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T)); // What our own files send; they export the type.
    child.once('exit', (code) => reject(new Error(`A process of the benchmark ended with ${code}.`)));
  });

export const startFake = async (size: Size): Promise<{ origin: string; stop(): void }> => {
  const child = start('fake.ts', [JSON.stringify(size)]);
  const { origin } = await answer<{ origin: string }>(child);
  return { origin, stop: () => child.kill() };
};

/** Reads once, in a process that ends with it. */
export const sync = async (task: SyncTask): Promise<SyncResult> => {
  const child = start('sync-worker.ts', []);
  child.send(task);
  return await answer<SyncResult>(child);
};

/** A process that remembers where it stands, and reads on with each call. */
export const startReader = (): { read(task: DirectoryTask): Promise<DirectoryRead>; stop(): void } => {
  const child = start('directory-worker.ts', []);
  return {
    read(task) {
      child.send(task);
      return answer<DirectoryRead>(child);
    },
    stop: () => child.kill(),
  };
};
