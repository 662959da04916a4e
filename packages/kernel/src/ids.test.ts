import { expect, test } from 'vitest';
import { newId } from './ids.ts';

test('an id is a UUID of version 7, which begins with its millisecond, and no other one', () => {
  const at = Date.UTC(2026, 10, 28, 17, 0, 0, 123);
  const ids = Array.from({ length: 1_000 }, () => newId<string>(at));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.toSorted()).toEqual(ids);
  const [first = ''] = ids;
  expect(Number.parseInt(first.slice(0, 13).replace('-', ''), 16)).toBe(at);
  expect(newId<string>(at - 1) < first && first < newId<string>(at + 1)).toBe(true);
  // Milliseconds of other times have fewer digits, and as many places.
  expect(newId<string>(1).slice(0, 15)).toBe('00000000-0001-7');
});

test('more ids of a millisecond than can be counted are ids still, each another one', () => {
  const ids = Array.from({ length: 10_000 }, () => newId<string>(1));
  for (const id of ids) expect(id).toMatch(/^00000000-0001-7[0-9a-f]{3}-[89ab]/);
  expect(new Set(ids).size).toBe(10_000);
});
