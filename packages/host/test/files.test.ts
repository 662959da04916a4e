import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toFault } from '@gatehouse/kernel';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createHost, type Files, openFiles } from '../src/index.ts';

let outside: string;
let root: string;
let files: Files;
beforeEach(async () => {
  outside = await mkdtemp(join(tmpdir(), 'gatehouse-files-'));
  root = join(outside, 'sysvol');
  await mkdir(join(root, 'Policies', '{A}'), { recursive: true });
  await writeFile(join(root, 'Policies', '{A}', 'GPT.INI'), '[General]');
  await writeFile(join(outside, 'shadow'), 'root:x');
  files = openFiles({ root, system: 'SYSVOL' });
});
afterEach(() => rm(outside, { recursive: true, force: true }));

const faultOf = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ kind: `answered ${JSON.stringify(value)}`, advice: '' }),
    (error: unknown) => toFault(error),
  );

test('files and folders below the folder are listed and read', async () => {
  expect(await files.list('')).toEqual([{ name: 'Policies', kind: 'folder' }]);
  expect(await files.list('Policies/{A}')).toEqual([{ name: 'GPT.INI', kind: 'file' }]);
  expect(String(await files.read('Policies/{A}/GPT.INI', 100))).toBe('[General]');
});

test('what is not there is null, and so is a file asked for as a folder and the other way', async () => {
  expect(await files.list('Policies/{B}')).toBeNull();
  expect(await files.read('Policies/{A}/none', 100)).toBeNull();
  expect(await files.list('Policies/{A}/GPT.INI')).toBeNull();
  expect(await files.read('Policies', 100)).toBeNull();
  expect(await openFiles({ root: join(outside, 'none'), system: 'SYSVOL' }).list('')).toBeNull();
});

test.each([
  ...['..', '../shadow', 'Policies/../../shadow', '/etc/passwd', 'Policies//x', './Policies', 'Policies/.'],
  ...[
    'C:\\Windows',
    '..\\shadow',
    'Policies\\..\\..\\shadow',
    'x:stream',
    'a\u0000b',
    '.. ',
    'Policies/.. /x',
    'a'.repeat(3_000),
  ],
])('the path %j leads nowhere', async (path) => {
  expect((await faultOf(files.read(path, 100))).kind).toBe('unexpected');
  expect((await faultOf(files.list(path))).kind).toBe('unexpected');
});

test('no symbolic link is followed, to a file or a folder, outside or inside', async () => {
  await symlink(join(outside, 'shadow'), join(root, 'file'));
  await symlink(outside, join(root, 'folder'));
  await symlink('Policies', join(root, 'inside'));
  expect(await files.read('file', 100)).toBeNull();
  expect(await files.read('folder/shadow', 100)).toBeNull();
  expect(await files.list('folder')).toBeNull();
  expect(await files.list('inside')).toBeNull();
  expect((await files.list(''))?.map(({ name }) => name)).toEqual(['Policies']);
});

test('the folder itself may be a link, because whoever named it made it', async () => {
  await symlink(root, join(outside, 'mount'));
  expect(await openFiles({ root: join(outside, 'mount'), system: 'SYSVOL' }).list('')).toHaveLength(1);
});

test('a file larger than the bound is a fault, one of exactly that size is read', async () => {
  await writeFile(join(root, 'big'), Buffer.alloc(100_000, 7));
  expect(await files.read('big', 100_000)).toHaveLength(100_000);
  expect((await faultOf(files.read('big', 99_999))).kind).toBe('unexpected');
});

test.skipIf(process.getuid?.() === 0)('what may not be read is forbidden', async () => {
  await chmod(join(root, 'Policies'), 0);
  expect((await faultOf(files.list('Policies'))).kind).toBe('forbidden');
  await chmod(join(root, 'Policies'), 0o700);
});

test('a host has files and registries only where it is given them', () => {
  const signal = new AbortController().signal;
  expect('files' in createHost({ signal }) || 'registry' in createHost({ signal })).toBe(false);
  expect(createHost({ signal, files }).files).toBe(files);
});
