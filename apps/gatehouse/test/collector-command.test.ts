import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const main = join(import.meta.dirname, '../src/main.ts');
const run = async (...words: string[]) => {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [main, 'collector', ...words])) };
  } catch (error) {
    const { code = 1, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
    return { code, stdout, stderr };
  }
};

describe('gatehouse collector …', { timeout: 60_000 }, () => {
  test('is the collector itself: its help, its words, its exit code', async () => {
    expect((await run('--help')).stdout).toContain('Usage: gatehouse collector [options] [command]');
    expect((await run('install', '--help')).stdout).toContain('--key-file <path>');
    const status = await run('status', '--home', '/nowhere/at/all', '--json');
    expect(status.code).toBe(1);
    expect(status.stderr).toMatch(/No collector has run in \/nowhere\/at\/all/);
    expect((await run('run', '--home', '/nowhere/at/all')).code).toBe(78);
  });
});
