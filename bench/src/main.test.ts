import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { noOpenSsh } from '../../test/servers/openssh/server.ts';

interface Printed {
  readonly part: string;
  readonly name: string;
  readonly ours: number;
  readonly unit: string;
  readonly floor: { readonly value: number } | null;
  readonly limit: number | null;
  readonly ratio: number | null;
}

/** Every part once, on one PostgreSQL, with as little of everything as shows that it is measured. */
const sizes = {
  ...{ rows: 2_000, requests: 20, sessions: 300, reported: 300, events: 60, chats: 3, seconds: 3 },
  ...{ mebibytes: 8, megabytes: 2, changes: 5, rounds: 1 },
};
const reason = noOpenSsh();
let all: readonly Printed[] = [];

beforeAll(async () => {
  const parts = ['descriptors', 'directory', 'sync', 'lists', 'credentials', 'sessions', 'reporting', 'events'];
  parts.push('chats', 'files', ...(reason === null ? ['terminal', 'rotations'] : []));
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[join(import.meta.dirname, 'main.ts'), '--json', ...parts.flatMap((part) => ['--only', part])],
    ...Object.entries(sizes).flatMap(([name, size]) => [`--${name}`, String(size)]),
  ]);
  all = JSON.parse(stdout);
}, 600_000);

const of = (...parts: readonly string[]) => all.filter(({ part }) => parts.includes(part));

const expectMeasured = (figures: readonly Printed[]) => {
  for (const { name, ours, floor, limit, ratio } of figures) {
    expect(floor ?? limit, name).not.toBeNull();
    if (floor === null) continue;
    expect(ours, name).toBeGreaterThan(0);
    expect(ratio, name).toBeCloseTo(ours / floor.value);
  }
};

test('the benchmark runs and prints every figure with its floor or limit', () => {
  const figures = of('descriptors', 'directory', 'sync', 'lists');
  expect(figures.length).toBeGreaterThanOrEqual(8);
  expectMeasured(figures);
  for (const { name, ours } of figures) expect(ours, name).toBeGreaterThan(0);
});

test('a credential is measured on its way through all three programs, against the bare hops', () => {
  const figures = of('credentials');
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'ms']);
  expectMeasured(figures);
  // All that the three programs look at takes longer than nothing at all.
  expect(figures[0]?.ratio).toBeGreaterThan(1);
});

test('sessions that are brokered at once are counted, and none of a few hundred is lost or crossed', () => {
  const [lost, memory] = of('sessions');
  expect(lost).toMatchObject({ ours: 0, limit: 0 });
  expect(memory).toMatchObject({ unit: 'KiB', limit: 50 });
});

test('a report of sessions is measured against the rows that it is made of, and every session is in it', () => {
  const figures = of('reporting');
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'MiB']);
  expectMeasured(figures);
  expect(figures[0]?.ratio).toBeGreaterThan(1);
});

test('ends of sessions in a burst are taken at once, and each is written once', () => {
  const [acknowledged, refused, written] = of('events');
  expect(acknowledged).toMatchObject({ unit: 'ms', limit: 100 });
  expect(acknowledged?.ours).toBeGreaterThan(0);
  expect([refused?.ours, written?.ours]).toEqual([0, 0]);
});

test('chats are heard whole and in order, and how soon is measured', () => {
  const [delivered, wrong] = of('chats');
  expect(delivered).toMatchObject({ unit: 'ms', limit: 100 });
  expect(delivered?.ours).toBeGreaterThan(0);
  expect(wrong?.ours).toBe(0);
});

test('a file is measured once it is whole at the other end', () => {
  const figures = of('files');
  expect(figures.map(({ unit }) => unit)).toEqual(['ms', 'MiB']);
  expectMeasured(figures);
});

// Each measures nothing unless the recording holds what the page got, and every change was verified.
test.skipIf(reason !== null).each([
  ['a recorded session', 'terminal', 2],
  ['the change of passwords', 'rotations', 1],
])(`%s is measured on a real server${reason === null ? '' : ` (skipped: ${reason})`}`, (_what, part, count) => {
  const figures = of(part);
  expect(figures).toHaveLength(count);
  expectMeasured(figures);
});
