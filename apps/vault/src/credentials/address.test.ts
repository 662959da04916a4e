import { expect, test } from 'vitest';
import { parseAddress } from './address.ts';

test.each([
  ['web1', 'web1', null],
  ['Web1.Example.COM.', 'web1.example.com', null],
  ['10.0.0.7:2222', '10.0.0.7', 2_222],
  ['2001:DB8::7', '2001:db8::7', null],
  ['[2001:db8::7]:22', '2001:db8::7', 22],
  [' db_1:5432 ', 'db_1', 5_432],
])('%s is understood', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
});

test.each([
  '',
  'a b',
  'web1:0',
  'web1:65536',
  'web1:x',
  '10.0.0.256',
  '10.0.0',
  '[::1',
  '[10.0.0.1]:22',
  'http://web1',
  '-a',
  'a..b',
  'a/b',
])('%s is refused', (text) => {
  expect(parseAddress(text)).toBeNull();
});
