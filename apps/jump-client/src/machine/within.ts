import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { type Allowances, notAllowed } from '../settings/index.ts';

/** Where a path leads, all links followed: what is there. @throws Fault also for what lies outside of the folder of files */
export const findThere = async (allows: Allowances, path: string): Promise<string> => {
  requireFiles(allows, path);
  const real = await realpath(path).catch((error: unknown) => {
    throw pathFault(path, error);
  });
  await requireInside(allows, real, path);
  return real;
};

/** Where a new file would be: in a folder that is there. @throws Fault */
export const findPlace = async (allows: Allowances, path: string): Promise<string> => {
  const whole = normalize(path);
  const folder = await findThere(allows, dirname(whole));
  if (!(await stat(folder)).isDirectory()) throw new Fault('misconfigured', `${dirname(whole)} is no folder.`);
  return join(folder, basename(whole));
};

const requireFiles = (allows: Allowances, path: string): void => {
  if (!allows.files) throw notAllowed('files be read or written');
  if (!isAbsolute(path) || path.includes('\0'))
    throw new Fault('misconfigured', 'Give a whole path, from the root on.');
};

const requireInside = async ({ filesFolder }: Allowances, real: string, asked: string): Promise<void> => {
  if (filesFolder === undefined) return;
  const root = await realpath(filesFolder).catch(() => filesFolder);
  const way = relative(root, real);
  // On another drive the way is a whole path.
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new Fault(
      'forbidden',
      `${asked} lies outside of ${filesFolder}, and only what is in it can be read or written.`,
    );
};

const words: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: (path) => `There is no ${path}.`,
  EACCES: (path) => `The Jump Client may not open ${path}.`,
  EPERM: (path) => `The Jump Client may not open ${path}.`,
  EISDIR: (path) => `${path} is a folder.`,
  ENOTDIR: (path) => `${path} is in no folder.`,
  EEXIST: (path) => `${path} is there already.`,
  ENOSPC: (path) => `The disk of ${path} is full.`,
  EROFS: (path) => `${path} can only be read.`,
  ELOOP: (path) => `${path} is a link, and links are not written through.`,
};

/** What the system says of a path, in words. */
export const pathFault = (path: string, error: unknown): Fault => {
  if (error instanceof Fault) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const said = words[code]?.(path);
  const kind = /^(EACCES|EPERM)$/.test(code) ? 'forbidden' : 'misconfigured';
  return said === undefined
    ? new Fault('unexpected', `${path} cannot be opened.`, code, { cause: error })
    : new Fault(kind, said, code, { cause: error });
};
