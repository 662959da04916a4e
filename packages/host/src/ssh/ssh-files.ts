import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import type { SshFaults } from './ssh-faults.ts';

/**
 * Files of the account over SFTP. Paths are the host's own; a relative one begins in the account's home. Throws Faults:
 * `forbidden` where the account may not, `misconfigured` where there is no such file, `unexpected` for other refusals,
 * `unreachable` when the connection is lost.
 */
export interface SshFiles {
  /** Without `.` and `..`, in the host's order, as they arrive: a folder may be of any size. */
  list(folder: string): AsyncIterable<SshFile>;
  /** The absolute path that a path leads to. */
  real(path: string): Promise<string>;
  /** Follows symbolic links. Null where there is nothing. */
  find(path: string): Promise<SshFile | null>;
  /** The content from one byte on; the host waits for a slow reader. */
  read(path: string, from?: number): AsyncIterable<Buffer>;
  /** Replaces the content of a file, or makes it with this mode, as fast as the host takes it; resolves when all of it is there. */
  write(path: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode?: number): Promise<void>;
  makeFolder(path: string, mode?: number): Promise<void>;
  /** Replaces what is there already, where the host can do that in one step (`posix-rename@openssh.com`). */
  rename(from: string, to: string): Promise<void>;
  /** A file or a symbolic link. */
  remove(path: string): Promise<void>;
  /** An empty folder. */
  removeFolder(path: string): Promise<void>;
  close(): void;
}

export interface SshFile {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  readonly bytes: number;
  /** The nine permission bits and the three above them. */
  readonly mode: number;
  readonly modifiedAt: Date;
}

export const openSshFiles = (sftp: SFTPWrapper, faults: SshFaults): SshFiles => {
  let isOver = false;
  sftp.on('close', () => {
    isOver = true;
  });
  sftp.on('error', () => undefined);

  const faultOf = (error: unknown, what: string) => {
    const status = error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;
    if (status === null) return faults.of('cut', `${what}: the connection was lost`);
    const words = error instanceof Error ? error.message : '';
    const problem = status === noSuchFile ? 'no such file' : status === permissionDenied ? 'not given' : 'file';
    return faults.of(problem, `${what} -> ${status} ${words}`);
  };

  /** One question to the host; the answer comes, or the connection is lost. */
  const ask = <T>(what: string, send: (done: (error: Error | null | undefined, answer: T) => void) => void) =>
    new Promise<T>((resolve, reject) => {
      const lost = () => reject(faults.of('cut', `${what}: the connection was lost`));
      if (isOver) return lost();
      sftp.once('close', lost);
      send((error, answer) => {
        sftp.off('close', lost);
        if (error) reject(faultOf(error, what));
        else resolve(answer);
      });
    });
  const act = (what: string, send: (done: (error?: Error | null) => void) => void) =>
    ask<void>(what, (done) => send((error) => done(error, undefined)));

  async function* list(folder: string): AsyncGenerator<SshFile> {
    const handle = await ask<Buffer>('list', (done) => sftp.opendir(folder, done));
    try {
      for (;;) {
        const batch = await ask<FileEntryWithStats[] | null>('list', (done) =>
          sftp.readdir(handle, (error, entries) => {
            // The end of a folder is an error of its own to the library.
            if (error && 'code' in error && error.code === endOfFile) done(null, null);
            else done(error, entries);
          }),
        );
        if (batch === null) return;
        for (const { filename, attrs } of batch)
          if (filename !== '.' && filename !== '..') yield toFile(filename, attrs);
      }
    } finally {
      if (!isOver) await act('list', (done) => sftp.close(handle, done));
    }
  }

  async function* read(path: string, from = 0): AsyncGenerator<Buffer> {
    const stream: Readable = sftp.createReadStream(path, { start: from });
    const lost = () => void stream.destroy(new Error('lost'));
    sftp.once('close', lost);
    try {
      for await (const part of stream) yield part;
    } catch (error) {
      throw faultOf(error, 'read');
    } finally {
      sftp.off('close', lost);
      stream.destroy();
    }
  }

  return {
    ...{ list, read },
    real: (path) => ask<string>('look up', (done) => sftp.realpath(path, done)),
    async find(path) {
      const stats = await ask<Stats | null>('find', (done) =>
        sftp.stat(path, (error, found) => {
          if (error && 'code' in error && error.code === noSuchFile) done(null, null);
          else done(error, found);
        }),
      );
      return stats === null ? null : toFile(path.split('/').at(-1) ?? path, stats);
    },
    async write(path, content, mode = 0o600) {
      const stream: Writable = sftp.createWriteStream(path, { mode });
      const lost = () => void stream.destroy(new Error('lost'));
      sftp.once('close', lost);
      try {
        await pipeline(content, stream);
        await finished(stream);
      } catch (error) {
        throw faultOf(error, 'write');
      } finally {
        sftp.off('close', lost);
      }
    },
    makeFolder: (path, mode = 0o700) => act('make a folder', (done) => sftp.mkdir(path, { mode }, done)),
    rename: (from, to) =>
      act('rename', (done) => {
        try {
          sftp.ext_openssh_rename(from, to, done);
        } catch {
          // The host does not have the extension; its own rename does not replace.
          sftp.rename(from, to, done);
        }
      }),
    remove: (path) => act('remove', (done) => sftp.unlink(path, done)),
    removeFolder: (path) => act('remove a folder', (done) => sftp.rmdir(path, done)),
    close: () => sftp.end(),
  };
};

const toFile = (name: string, stats: Stats): SshFile => ({
  name,
  kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other',
  bytes: stats.size,
  mode: stats.mode & 0o7777,
  modifiedAt: new Date(stats.mtime * 1_000),
});

/** Of draft-ietf-secsh-filexfer-02. */
const endOfFile = 1;
const noSuchFile = 2;
const permissionDenied = 3;
