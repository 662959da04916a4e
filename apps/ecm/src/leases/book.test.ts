import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { realDisk } from '@gatehouse/host/agent';
import { createTestClock } from '@gatehouse/host/testing';
import { afterAll, expect, test } from 'vitest';
import { openFolders } from '../testing/configured.ts';
import { openLeaseBook } from './book.ts';
import { openJournal } from './journal.ts';
import type { Wanted } from './lease.ts';

const folders = openFolders();
afterAll(() => folders.remove());

const wanted = (id: string, more: Partial<Wanted> = {}): Wanted => ({
  ...{ id, credential: 'c', person: 'p', endpoint: { hostname: 'h', address: null, domain: null, protocol: 'ssh' } },
  ...{ reason: 'r', ticket: null, lifetimeMs: 60_000, fingerprint: 'f', correlation: 'k', ...more },
});

const open = async (home: string, now?: Date) => {
  let damaged = 0;
  const clock = createTestClock(now);
  const onDamage = (lines: number) => {
    damaged = lines;
  };
  const book = await openLeaseBook({ disk: realDisk, home, clock, onDamage, steady: () => 1_000 });
  return { book, damaged: () => damaged };
};

test('what the book says is there again after a crash, up to a line that was broken off', async () => {
  const home = folders.make();
  const { book } = await open(home);
  const held = await book.open(wanted('held'), 'memory');
  await book.keep(held, 'request-7');
  book.held(held);
  await book.ending(await book.open(wanted('ending'), 'memory'), 'expired');
  const over = await book.open(wanted('over'), 'memory');
  await book.ending(over, 'asked');
  await book.ended(over);
  await book.known(over);
  await book.close();
  appendFileSync(join(home, 'leases.jsonl'), '{"is":"open","id":"torn');
  const again = await open(home);
  expect(again.damaged()).toBe(0);
  expect(again.book.list().map(({ id, state, kept }) => [id, state, kept])).toEqual([
    ['held', 'held', 'request-7'],
    ['ending', 'ending', null],
  ]);
  expect(again.book.find('over')?.state).toBe('ended');
  // The first thing that is written ends what was broken off.
  await again.book.open(wanted('new'), 'memory');
  await again.book.close();
  const lines = readFileSync(join(home, 'leases.jsonl'), 'utf8').trim().split('\n');
  expect(lines.every((line) => JSON.parse(line).id !== 'torn')).toBe(true);
  expect(statSync(join(home, 'leases.jsonl')).mode & 0o077).toBe(0);
  expect((await open(home)).book.count()).toBe(3);
});

test('damaged lines are counted, and the others hold', async () => {
  const home = folders.make();
  const { book } = await open(home);
  await book.open(wanted('a'), 'memory');
  await book.close();
  const path = join(home, 'leases.jsonl');
  writeFileSync(path, `nonsense\n{"is":"open","id":3}\n${readFileSync(path, 'utf8')}`);
  const again = await open(home);
  expect([again.damaged(), again.book.count()]).toEqual([2, 1]);
});

test('a clock that jumps makes no lease longer than it was asked to be', async () => {
  const home = folders.make();
  const { book } = await open(home, new Date('2026-01-01T12:00:00Z'));
  await book.open(wanted('a'), 'memory');
  await book.close();
  for (const [now, left] of [
    ['2026-01-01T12:00:40Z', 20_000],
    ['2020-01-01T00:00:00Z', 60_000],
    ['2040-01-01T00:00:00Z', 0],
  ] as const)
    expect((await open(home, new Date(now))).book.find('a')?.endsAt).toBe(1_000 + left);
});

test('nothing is a lease that could not be written down', async () => {
  const home = folders.make();
  const disk = {
    ...realDisk,
    write: async () => {
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    },
  };
  const onDamage = () => undefined;
  const book = await openLeaseBook({ disk, home, clock: createTestClock(), onDamage });
  await expect(book.open(wanted('a'), 'memory')).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(book.find('a')).toBeNull();
});

test('a journal that is mostly history is written anew, and holds what matters', async () => {
  const path = join(folders.make(), 'journal');
  let matters: string[] = [];
  const journal = await openJournal({ disk: realDisk, path, snapshot: () => matters, mostLines: 50 });
  for (let i = 0; i < 60; i++) {
    matters = [`line ${i}`];
    await journal.append(`line ${i}`);
  }
  await Promise.all(Array.from({ length: 20 }, (_, i) => journal.append(`together ${i}`)));
  await journal.close();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines.length).toBeLessThan(40);
  expect(lines).toContain('line 59');
  expect(lines.at(-1)).toBe('together 19');
});
