import { expect, test } from 'vitest';
import { createCursors } from '../src/cursors.ts';

test('a cursor is new once, and cursors that differ little are told apart', () => {
  const cursors = createCursors();
  for (let i = 0; i < 50_000; i++) expect(cursors.add(`/api/v1/users?after=00u${i}&limit=200`)).toBe(true);
  expect(cursors.add('/api/v1/users?after=00u0&limit=200')).toBe(false);
});

test('the oldest are forgotten, so that a read of any length holds little', () => {
  const cursors = createCursors();
  for (let i = 0; i <= 100_000; i++) cursors.add(String(i));
  expect(cursors.add('0')).toBe(true);
  expect(cursors.add('100000')).toBe(false);
});
