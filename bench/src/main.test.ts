import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { noOpenSsh } from '../../test/servers/openssh/server.ts';

interface Printed {
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  readonly floor: { readonly value: number } | null;
  readonly limit: number | null;
  readonly ratio: number | null;
}

const bench = async (parts: readonly string[], sizes: readonly string[]): Promise<readonly Printed[]> => {
  const only = parts.flatMap((part) => ['--only', part]);
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[join(import.meta.dirname, 'main.ts'), ...only, ...sizes, '--rounds', '1', '--json'],
  ]);
  return JSON.parse(stdout);
};

const expectMeasured = (figures: readonly Printed[]) => {
  for (const { name, ours, floor, limit, ratio } of figures) {
    expect(floor ?? limit, name).not.toBeNull();
    if (floor === null) continue;
    expect(ours, name).toBeGreaterThan(0);
    expect(ratio, name).toBeCloseTo(ours / floor.value);
  }
};

test('the benchmark runs and prints every figure with its floor or limit', { timeout: 300_000 }, async () => {
  const figures = await bench(['descriptors', 'directory', 'sync', 'lists'], ['--rows', '2000']);
  expect(figures.length).toBeGreaterThanOrEqual(8);
  expectMeasured(figures);
  for (const { name, ours } of figures) expect(ours, name).toBeGreaterThan(0);
});

test('a credential is measured on its way through all three programs, against the bare hops', {
  timeout: 300_000,
}, async () => {
  const figures = await bench(['credentials'], ['--requests', '20']);
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'ms']);
  expectMeasured(figures);
  // All that the three programs look at takes longer than nothing at all.
  expect(figures[0]?.ratio).toBeGreaterThan(1);
});

test('sessions that are brokered at once are counted, and none of a few hundred is lost or crossed', {
  timeout: 300_000,
}, async () => {
  const [lost, memory] = await bench(['sessions'], ['--sessions', '300']);
  expect(lost).toMatchObject({ ours: 0, limit: 0 });
  expect(memory).toMatchObject({ unit: 'KiB', limit: 50 });
});

test('a report of sessions is measured against the rows that it is made of, and every session is in it', {
  timeout: 300_000,
}, async () => {
  const figures = await bench(['reporting'], ['--reported', '300']);
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'MiB']);
  expectMeasured(figures);
  expect(figures[0]?.ratio).toBeGreaterThan(1);
});

test('ends of sessions in a burst are taken at once, and each is written once', { timeout: 300_000 }, async () => {
  const [acknowledged, refused, written] = await bench(['events'], ['--events', '60']);
  expect(acknowledged).toMatchObject({ unit: 'ms', limit: 100 });
  expect(acknowledged?.ours).toBeGreaterThan(0);
  expect([refused?.ours, written?.ours]).toEqual([0, 0]);
});

test('chats are heard whole and in order, and how soon is measured', { timeout: 300_000 }, async () => {
  const [delivered, wrong] = await bench(['chats'], ['--chats', '3', '--seconds', '3']);
  expect(delivered).toMatchObject({ unit: 'ms', limit: 100 });
  expect(delivered?.ours).toBeGreaterThan(0);
  expect(wrong?.ours).toBe(0);
});

test('a file is measured once it is whole at the other end', { timeout: 300_000 }, async () => {
  const figures = await bench(['files'], ['--mebibytes', '8']);
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'MiB']);
  expectMeasured(figures);
});

// Each measures nothing unless the recording holds what the page got, and every change was verified.
const reason = noOpenSsh();
test.skipIf(reason !== null).each([
  ['a recorded session', 'terminal', ['--megabytes', '2'], 2],
  ['the change of passwords', 'rotations', ['--changes', '5'], 1],
])(
  `%s is measured on a real server${reason === null ? '' : ` (skipped: ${reason})`}`,
  {
    timeout: 300_000,
  },
  async (_what, part, sizes, count) => {
    const figures = await bench([part], sizes);
    expect(figures).toHaveLength(count);
    expectMeasured(figures);
  },
);
