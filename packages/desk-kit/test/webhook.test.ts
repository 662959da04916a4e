import { createHmac } from 'node:crypto';
import { Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { isProven } from '../src/index.ts';

const at = new Date('2026-11-28T20:00:00Z');
const seconds = String(at.getTime() / 1_000);
const signed = (body: string, secret = 'it’s a secret', id = 'rt-1', timestamp = seconds) => {
  const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { body, headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` } };
};
const proven = (request: Parameters<typeof isProven>[1], now = at) =>
  isProven(new Secret('it’s a secret'), request, now);

test('a request is from a desk where its signature is by the secret, over all of it, and recent', async () => {
  const good = signed('{"ticket":"1"}');
  expect(await proven(good)).toBe(true);
  expect(await proven(signed('{"ticket":"1"}', 'another'))).toBe(false);
  expect(await proven({ ...good, body: '{"ticket":"2"}' })).toBe(false);
  expect(await proven({ ...good, headers: { ...good.headers, 'webhook-id': 'rt-2' } })).toBe(false);
  expect(await proven(good, new Date(at.getTime() + 300_000))).toBe(true);
  expect(await proven(good, new Date(at.getTime() + 301_000))).toBe(false);
  expect(await proven(good, new Date(at.getTime() - 301_000))).toBe(false);
});

test('any one of several signatures is enough, as when a secret is changed; nonsense and nothing are not', async () => {
  const { body, headers } = signed('{}');
  const of = (signature: string) => proven({ body, headers: { ...headers, 'webhook-signature': signature } });
  expect(await of(`v1,${'A'.repeat(43)}= ${headers['webhook-signature']}`)).toBe(true);
  expect(await of(`v2,x ${'v1,!'.repeat(3)}`)).toBe(false);
  expect(await of('')).toBe(false);
  expect(await proven({ body, headers: {} })).toBe(false);
  expect(await proven(signed('{}', 'it’s a secret', 'rt-1', 'now'))).toBe(false);
});
