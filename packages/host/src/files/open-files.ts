import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, opendir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { bounded } from '../redact.ts';
import type { FileEntry, Files } from './files.ts';

export interface FilesOptions {
  /** A folder of this machine, or a share (`\\corp.example\SYSVOL\corp.example`) on Windows. */
  readonly root: string;
  /** What people call it, for words: "SYSVOL". */
  readonly system: string;
  /** Milliseconds until a share that does not answer counts as away. Default 30,000. */
  readonly timeoutMs?: number;
}

const mostEntries = 10_000;

/** Opens nothing yet: a folder that is not there has nothing in it. */
export const openFiles = ({ root, system, timeoutMs = 30_000 }: FilesOptions): Files => {
  const base = resolve(root);
  const guarded = <T>(path: string, work: () => Promise<T>): Promise<T | null> =>
    within(timeoutMs, work(), system, path).catch((error: unknown) => {
      if (isMissing(error)) return null;
      throw toFileFault(error, system, path);
    });

  return {
    list: (folder) =>
      guarded(folder, async () => {
        const at = await walk(base, folder);
        if (at === null || !at.stats.isDirectory()) return null;
        const entries: FileEntry[] = [];
        // Bounded while it is read: a folder without end is not taken into memory.
        for await (const entry of await opendir(at.path)) {
          if (entry.isFile()) entries.push({ name: entry.name, kind: 'file' });
          else if (entry.isDirectory()) entries.push({ name: entry.name, kind: 'folder' });
          if (entries.length > mostEntries) throw refused(system, `${folder} has more than ${mostEntries} entries`);
        }
        return entries;
      }),
    read: (file, maxBytes) =>
      guarded(file, async () => {
        const at = await walk(base, file);
        if (at === null || !at.stats.isFile()) return null;
        const handle = await open(at.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
        try {
          const opened = await handle.stat();
          // Once more, after it is open: a folder on the way may have become a link in between.
          const again = await walk(base, file);
          if (!again || again.stats.ino !== opened.ino || again.stats.dev !== opened.dev || !opened.isFile())
            throw refused(system, `${file} changed while it was opened`);
          return await readAll(handle, maxBytes, system, file);
        } finally {
          await handle.close();
        }
      }),
  };
};

/** The place that a path names, where every part of it is what it seems. Null for a link. */
const walk = async (base: string, path: string): Promise<{ path: string; stats: Stats } | null> => {
  let at = base;
  // The folder itself may be a link: whoever named it made that one.
  let stats = await stat(base);
  for (const name of namesOf(path)) {
    at = join(at, name);
    stats = await lstat(at);
    if (stats.isSymbolicLink()) return null;
  }
  return { path: at, stats };
};

const namesOf = (path: string): readonly string[] => {
  if (path === '') return [];
  const names = path.split('/');
  // A colon names a drive or a stream of NTFS, and Windows cuts dots and spaces off the end of names.
  const isName = (name: string) =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: no name has any, and NUL would end it
    name !== '' && !/^\.{1,2}$|[\\/:*?"<>|\u0000-\u001f]|[. ]$/.test(name);
  if (path.length > 2_000 || names.length > 64 || !names.every(isName))
    throw refused('The folder', `${JSON.stringify(bounded(path, 200))} is no path below it`);
  return names;
};

const readAll = async (handle: FileHandle, maxBytes: number, system: string, file: string): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(Math.min(65_536, maxBytes + 1 - length));
    const { bytesRead } = await handle.read(part, 0, part.length, null);
    if (bytesRead === 0) return Buffer.concat(parts, length);
    parts.push(part.subarray(0, bytesRead));
    length += bytesRead;
    if (length > maxBytes) throw refused(system, `${file} has more than ${maxBytes} bytes`);
  }
};

const refused = (system: string, detail: string) =>
  new Fault('unexpected', `${system} has something that cannot be read; the log says what.`, bounded(detail));

const within = async <T>(ms: number, work: Promise<T>, system: string, path: string): Promise<T> => {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(away(system, `${path}: nothing was heard for ${ms / 1_000} s`)), ms);
  try {
    return await Promise.race([work, limit.promise]);
  } finally {
    clearTimeout(timer);
    // Whoever no longer waits for it must not be told of its end as of an error nobody handled.
    work.catch(() => undefined);
  }
};

const away = (system: string, detail: string) =>
  new Fault('unreachable', `${system} did not answer. Check that the folder can be reached from here.`, detail);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));

const toFileFault = (error: unknown, system: string, path: string): unknown => {
  if (error instanceof Fault) return error;
  const code = codeOf(error);
  if (code === '') return error;
  const detail = bounded(`${path}: ${code}`);
  // ELOOP: it became a link after it was looked at.
  if (code === 'ELOOP') return refused(system, detail);
  if (code === 'EACCES' || code === 'EPERM')
    return new Fault('forbidden', `${system} may not be read by the account that this runs as.`, detail);
  return away(system, detail);
};
