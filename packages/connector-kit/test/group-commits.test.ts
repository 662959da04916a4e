import type { Page } from '@gatehouse/host';
import { expect, test } from 'vitest';
import { groupCommits } from '../src/group-commits.ts';

const mebibyte = 1024 * 1024;
const page = (cursor: string, more: Partial<Page<string>> = {}): Page<string> => ({
  records: [cursor],
  cursor,
  ...more,
});

/** A store whose transactions end when the test says so. */
const slowStore = () => {
  const groups: (readonly Page<string>[])[] = [];
  const open: { done(): void; fail(error: Error): void }[] = [];
  return {
    cursors: () => groups.map((group) => group.map(({ cursor }) => cursor)),
    next: () => open.shift(),
    store: (pages: readonly Page<string>[]) => {
      groups.push(pages);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      open.push({ done: resolve, fail: reject });
      return promise;
    },
  };
};
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('the first page is stored at once, and what arrives meanwhile is stored together, in order', async () => {
  const slow = slowStore();
  const commits = groupCommits(slow.store);
  for (const cursor of ['1', '2', '3']) await commits.push(page(cursor), mebibyte);
  expect(slow.cursors()).toEqual([['1']]);
  slow.next()?.done();
  await settle();
  expect(slow.cursors()).toEqual([['1'], ['2', '3']]);
  slow.next()?.done();
  await commits.flush();
  await commits.push(page('4'), mebibyte);
  expect(slow.cursors()).toEqual([['1'], ['2', '3'], ['4']]);
});

test('what is gathered is bounded: more has to wait', async () => {
  const slow = slowStore();
  const commits = groupCommits(slow.store);
  await commits.push(page('1'), 3 * mebibyte);
  await commits.push(page('2'), 3 * mebibyte);
  let isTaken = false;
  const third = commits.push(page('3'), 3 * mebibyte).then(() => {
    isTaken = true;
  });
  await settle();
  expect(isTaken).toBe(false);
  slow.next()?.done();
  await settle();
  slow.next()?.done();
  await third;
  await settle();
  expect(slow.cursors()).toEqual([['1'], ['2'], ['3']]);
});

test.each([
  ['whose size is not known', page('3'), null],
  ['that says what is gone', page('3', { gone: ['2'] }), 10],
  ['that has all parts of a thing', page('3', { wholes: [{ id: 'g' }] }), 10],
])('a page %s is stored alone', async (_, alone, bytes) => {
  const stored: (string | null)[][] = [];
  const commits = groupCommits<string>(async (pages) => {
    stored.push(pages.map(({ cursor }) => cursor));
    await settle();
  });
  await commits.push(page('1'), 10);
  await commits.push(page('2'), 10);
  await commits.push(alone, bytes);
  await commits.push(page('4'), 10);
  await commits.flush();
  expect(stored).toEqual([['1'], ['2'], ['3'], ['4']]);
});

test('after a failure nothing more is stored, and whoever comes next is told', async () => {
  const slow = slowStore();
  const commits = groupCommits(slow.store);
  await commits.push(page('1'), 10);
  await commits.push(page('2'), 10);
  slow.next()?.fail(new Error('the disk is full'));
  await settle();
  await expect(commits.push(page('3'), 10)).rejects.toThrow('the disk is full');
  await expect(commits.flush()).rejects.toThrow('the disk is full');
  expect(slow.cursors()).toEqual([['1']]);
});
