import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Fault } from '@gatehouse/kernel';
import {
  type ChannelUse,
  type FileEntry,
  type JumpChannel,
  type JumpParams,
  type JumpResult,
  jumpLimits,
} from '@gatehouse/remote-access/jump';
import { type Allowances, notAllowed, startFolder } from '../settings/index.ts';
import { findPlace, findThere, pathFault } from './within.ts';

/** One page of a folder, by name. @throws Fault */
export const listFolder = async (
  allows: Allowances,
  { path: asked, after }: JumpParams<'list'>,
): Promise<JumpResult<'list'>> => {
  if (!allows.files) throw notAllowed('files be read or written');
  const path = await findThere(allows, asked === '' ? startFolder(allows) : asked);
  try {
    const names = (await readdir(path)).filter((name) => name > after && name.length <= 1_024).toSorted(byName);
    const page: FileEntry[] = [];
    let bytes = 0;
    for (const name of names.slice(0, jumpLimits.entries)) {
      const entry = await entryOf(path, name);
      bytes += Buffer.byteLength(JSON.stringify(entry)) + 1;
      // As many as one message holds.
      if (bytes > jumpLimits.messageBytes - 8_192) break;
      page.push(entry);
    }
    return { path, entries: page, more: page.length < names.length };
  } catch (error) {
    throw pathFault(path, error);
  }
};

/** As `after` compares them. */
const byName = (one: string, other: string) => (one < other ? -1 : 1);

const entryOf = async (folder: string, name: string): Promise<FileEntry> => {
  // What goes away while it is looked at, or may not be, is still a name.
  const found = await lstat(join(folder, name)).catch(() => null);
  const kind = found?.isFile() ? 'file' : found?.isDirectory() ? 'folder' : found?.isSymbolicLink() ? 'link' : 'other';
  const at = found === null || Number.isNaN(found.mtime.getTime()) ? null : found.mtime.toISOString();
  return { name, kind, size: found?.isFile() ? found.size : 0, modifiedAt: at };
};

/** Something that a channel carries once it is there. */
export interface Opened {
  readonly bytes: number | null;
  carry(channel: JumpChannel): void;
  /** Nothing comes of it. */
  end(): void;
}

/** @throws Fault */
export const openToRead = async (
  allows: Allowances,
  { path: asked }: Extract<ChannelUse, { kind: 'read' }>,
): Promise<Opened> => {
  const path = await findThere(allows, asked);
  const found = await stat(path).catch((error: unknown) => {
    throw pathFault(path, error);
  });
  // A pipe or a device may never end, or not even open.
  if (!found.isFile()) throw new Fault('misconfigured', `${path} is no file.`);
  refuseLarge(allows, found.size);
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw pathFault(path, error);
  });
  return {
    bytes: found.size,
    end: () => void file.close(),
    carry({ stream, fail }) {
      send(file, found.size, stream).catch((error: unknown) => fail(pathFault(path, error)));
    },
  };
};

/** What is written to it meanwhile is not promised to anybody. */
const send = async (file: FileHandle, size: number, to: Duplex): Promise<void> => {
  try {
    const end = Math.max(0, size - 1);
    if (size > 0)
      for await (const part of file.createReadStream({ end, highWaterMark: jumpLimits.partBytes, autoClose: false })) {
        if (to.destroyed) return;
        if (!to.write(part)) await hasRoom(to);
      }
    to.end();
  } finally {
    await file.close();
  }
};

/** Resolves also where it is gone, which is found out next. */
const hasRoom = (stream: Duplex): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });

/** A new file takes its name when all of it is there. @throws Fault */
export const openToWrite = async (
  allows: Allowances,
  { path: asked, replaces }: Extract<ChannelUse, { kind: 'write' }>,
): Promise<Opened> => {
  const path = await findPlace(allows, asked);
  const before = await lstat(path).catch(() => null);
  if (before !== null && !before.isFile())
    throw new Fault('misconfigured', `${path} is there already, and is no file.`);
  if (before !== null && !replaces) throw new Fault('misconfigured', `${path} is there already.`);
  const fresh = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID().slice(0, 8)}.part`);
  const file = await open(fresh, 'wx', before === null ? 0o644 : before.mode & 0o777).catch((error: unknown) => {
    throw pathFault(path, error);
  });
  const drop = async () => {
    await file.close().catch(() => undefined);
    await rm(fresh, { force: true });
  };
  const keep = async (channel: JumpChannel): Promise<void> => {
    let bytes = 0;
    // The stream stays, so that the other side can be told why it ends.
    for await (const part of channel.stream.iterator({ destroyOnReturn: false })) {
      bytes += part.length;
      refuseLarge(allows, bytes);
      await file.writeFile(part);
    }
    await file.datasync();
    await file.close();
    if (!replaces && (await lstat(path).catch(() => null)) !== null)
      throw new Fault('misconfigured', `${path} is there already.`);
    await rename(fresh, path);
    channel.say({ type: 'written', bytes });
    channel.stream.end();
  };
  return {
    bytes: null,
    end: () => void drop(),
    carry(channel) {
      keep(channel).catch(async (error: unknown) => {
        await drop();
        channel.fail(pathFault(path, error));
      });
    },
  };
};

const refuseLarge = ({ filesMegabytes }: Allowances, bytes: number): void => {
  if (bytes > filesMegabytes * 1_000_000)
    throw new Fault('forbidden', `Files go up to ${filesMegabytes} MB here, and this one is larger.`);
};
