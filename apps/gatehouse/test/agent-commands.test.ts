import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');
const run = async (...words: string[]) => {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, ...words])) };
  } catch (error) {
    const { code = 1, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code, stdout, stderr };
  }
};

describe('gatehouse collector …', { timeout: 60_000 }, () => {
  test('is the collector itself: its help, its words, its exit code', async () => {
    expect((await run('collector', '--help')).stdout).toContain('Usage: gatehouse collector [options] [command]');
    expect((await run('collector', 'install', '--help')).stdout).toContain('--key-file <path>');
    const status = await run('collector', 'status', '--home', '/nowhere/at/all', '--json');
    expect(status.code).toBe(1);
    expect(status.stderr).toMatch(/No collector has run in \/nowhere\/at\/all/);
    expect((await run('collector', 'run', '--home', '/nowhere/at/all')).code).toBe(78);
  });
});

describe('gatehouse ecm …', { timeout: 60_000 }, () => {
  test('is the ECM itself: its help, its words, its exit code', async () => {
    expect((await run('ecm', '--help')).stdout).toContain('Usage: gatehouse ecm [options] [command]');
    const status = await run('ecm', 'status', '--home', '/nowhere/at/all', '--json');
    expect(status.code).toBe(1);
    expect(status.stderr).toMatch(/No ECM has run in \/nowhere\/at\/all/);
    expect((await run('ecm', 'run', '--home', '/nowhere/at/all')).code).toBe(78);
  });
});
