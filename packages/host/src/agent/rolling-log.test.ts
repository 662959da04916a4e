import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openLog } from './rolling-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'logs', 'collector.log');

test('a log rolls over into a few files, the newest first, and none is larger than it may be', () => {
  const log = openLog({ path, level: 'info', secrets: [], mostBytes: 1_000, files: 3 });
  for (let i = 0; i < 100; i++) log.write('info', `Line ${i}.`);
  const names = readdirSync(join(folder, 'logs')).sort();
  expect(names).toEqual(['collector.log', 'collector.log.1', 'collector.log.2']);
  for (const name of names) {
    const { size, mode } = statSync(join(folder, 'logs', name));
    expect(size).toBeLessThanOrEqual(1_000);
    expect(mode & 0o077).toBe(0);
  }
  expect(readFileSync(path, 'utf8')).toContain('Line 99.');
  expect(readFileSync(`${path}.1`, 'utf8')).not.toContain('Line 99.');
});

test('no secret is written at any level, whoever says it and however', () => {
  const lines: string[] = [];
  const secrets = ['correct horse battery', 'c2VhbGVkLWtleS1vZi1hLWRldmljZQ=='];
  const log = openLog({ path, level: 'debug', secrets, echo: (line) => lines.push(line) });
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    log.write(level, `The server said: ${secrets[0]}`, { detail: `x ${secrets[1]} y`, why: 'Bearer abcdefghijklmnop' });
  }
  const everything = readFileSync(path, 'utf8') + lines.join('');
  for (const secret of [...secrets, 'abcdefghijklmnop']) expect(everything).not.toContain(secret);
  expect(lines).toHaveLength(4);
});

test('what is below the level is not written, and a folder that cannot be written ends nothing', () => {
  const log = openLog({ path, level: 'warn', secrets: [] });
  log.write('info', 'Not this.');
  log.write('warn', 'This.');
  expect(readFileSync(path, 'utf8')).toMatch(/^[^\n]*This\.[^\n]*\n$/);
  rmSync(join(folder, 'logs'), { recursive: true });
  log.write('error', 'Nowhere to go.');
});
