import { expect, test } from 'vitest';
import { quoted } from '../src/index.ts';

test.each([
  ['NS\\test_user', '"NS\\test_user"'],
  ['two\nlines', '"two\\nlines"'],
  ['a"b', '"a\\"b"'],
  ['sep\u2028arated', '"sep\\u2028arated"'],
  ['turned\u202eround', '"turned\\u202eround"'],
  ['del\u007f', '"del\\u007f"'],
  ['Zoë', '"Zoë"'],
])('the name %j is one line in a trace: %s', (name, expected) => {
  expect(quoted(name)).toBe(expected);
});

test('a long name is cut', () => {
  expect(quoted('x'.repeat(10_000)).length).toBeLessThan(210);
});
