import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the benchmark runs and prints every figure with its floor or limit', { timeout: 300_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[join(import.meta.dirname, 'main.ts'), '--rows', '2000', '--rounds', '1', '--json'],
    ...['--megabytes', '2', '--changes', '5', '--requests', '20', '--sessions', '300'],
  ]);
  const figures: { name: string; ours: number; floor: unknown; limit: unknown }[] = JSON.parse(stdout);
  expect(figures.length).toBeGreaterThanOrEqual(8);
  for (const { name, ours, floor, limit } of figures) {
    expect(ours, name).toBeGreaterThan(0);
    expect(floor ?? limit, name).not.toBeNull();
  }
});
