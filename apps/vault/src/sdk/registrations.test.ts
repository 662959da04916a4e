import { expect, test } from 'vitest';
import { time, wholeNumber } from './members.ts';
import { isWithin } from './registrations.ts';

test.each([
  [[], '203.0.113.9', true],
  [['192.0.2.0/24'], '192.0.2.200', true],
  [['192.0.2.0/24'], '192.0.3.1', false],
  [['192.0.2.7'], '192.0.2.7', true],
  [['10.0.0.0/255.255.0.0'], '10.0.9.9', true],
  [['10.0.0.0/255.255.0.0'], '10.1.0.1', false],
  [['2001:db8::/32'], '2001:db8::1', true],
  [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
  [['192.0.2.0/24'], '2001:db8::1', false],
  [['nonsense', '10.0.0.0/99', '10.0.0.0/255.0.255.0'], '10.0.0.1', false],
  [['192.0.2.0/24'], 'nonsense', false],
])('of the networks %j the address %s is in: %s', (networks, address, expected) => {
  expect(isWithin(networks, address)).toBe(expected);
});

test.each([
  ['/Date(1700000000000)/', 1_700_000_000_000],
  ['/Date(1700000000000+0100)/', 1_700_000_000_000],
  ['2026-01-02T03:04:05Z', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02T03:04:05', Date.UTC(2026, 0, 2, 3, 4, 5)],
  ['2026-01-02T03:04:05+02:00', Date.UTC(2026, 0, 2, 1, 4, 5)],
])('%s is a time', (text, expected) => {
  expect(time.parse(text)?.getTime()).toBe(expected);
});

test.each(['/Date(x)/', 'tomorrow', 7, '/Date(9999999999999999)/', '2026-13-45T00:00:00Z'])('%s is no time', (text) => {
  expect(time.safeParse(text).success).toBe(false);
});

test('numbers may be texts, and what is left out is none', () => {
  const number = wholeNumber(1, 10);
  expect([number.parse(7), number.parse('7'), number.parse(''), number.parse(undefined), number.parse(null)]).toEqual([
    7,
    7,
    null,
    null,
    null,
  ]);
  for (const wrong of ['7.5', 'x', 11, 0, true, [7]])
    expect(number.safeParse(wrong).success, String(wrong)).toBe(false);
});
