import { expect, test } from 'vitest';
import { nameInWords } from './format.ts';
import { linesOf } from './word-lines.ts';

test('an object is told line by line, with what is nested named by its way and what is empty left out', () => {
  expect(
    linesOf({
      id: 7,
      off: false,
      none: null,
      blank: '',
      no: [],
      profile: { login: 'ada', address: { city: 'Oslo', geo: { lat: 1 } }, more: {} },
      keys: [{ kid: 'a' }],
    }),
  ).toEqual([
    { way: ['id'], value: 7 },
    { way: ['off'], value: false },
    { way: ['profile', 'login'], value: 'ada' },
    { way: ['profile', 'address', 'city'], value: 'Oslo' },
    { way: ['profile', 'address', 'geo'], value: { lat: 1 } },
    { way: ['keys'], value: [{ kid: 'a' }] },
  ]);
});

test.each([
  ['minPasswordLength', 'Min password length'],
  ['groupSid', 'Group SID'],
  ['dn', 'Distinguished name'],
  ['webServices', 'Web services'],
  ['token_endpoint', 'Token endpoint'],
])('%s reads %s', (name, words) => expect(nameInWords(name)).toBe(words));
