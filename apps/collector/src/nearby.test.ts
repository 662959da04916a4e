import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nearby } from './nearby.ts';

const signal = new AbortController().signal;

test('files are those below the folder that the settings name, and none where they name none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-nearby-'));
  await writeFile(join(folder, 'GPT.INI'), '');
  expect(await nearby({ sysvol: ` ${folder} ` }, signal).files?.list('')).toEqual([{ name: 'GPT.INI', kind: 'file' }]);
  await rm(folder, { recursive: true });
  for (const settings of [{}, { sysvol: '' }, { sysvol: '  ' }, { sysvol: 7 }, null, 'sysvol'])
    expect('files' in nearby(settings, signal), JSON.stringify(settings)).toBe(false);
});

test('registries of other machines are had on Windows alone', () => {
  expect('registry' in nearby({}, signal)).toBe(process.platform === 'win32');
});
