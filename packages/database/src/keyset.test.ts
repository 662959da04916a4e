import { expect, test } from 'vitest';
import { decodePlace, encodePlace } from './keyset.ts';

test('a cursor leads back to its place', () => {
  expect(decodePlace('runs', encodePlace('runs', ['ä/ß', null]), 2)).toEqual(['ä/ß', null]);
});

test.each([
  '',
  'x',
  'W10',
  encodePlace('other', ['1', '2']),
  encodePlace('runs', ['1']),
  Buffer.from('["runs",1,2]').toString('base64url'),
])('the cursor %j of another list or of nobody leads nowhere', (cursor) => {
  expect(decodePlace('runs', cursor, 2)).toBeNull();
});
