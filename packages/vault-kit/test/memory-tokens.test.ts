import { createTestClock } from '@gatehouse/host/testing';
import { Fault, Secret } from '@gatehouse/kernel';
import { expect, test } from 'vitest';
import { createMemoryTokens } from '../src/testing/index.ts';

const open = (lifeMs: number | null = null) => {
  const clock = createTestClock();
  const tokens = createMemoryTokens(clock);
  let logIns = 0;
  const logIn = async () => {
    const value = new Secret(`token ${++logIns}`);
    await new Promise((resolve) => setImmediate(resolve));
    return { value, expiresAt: lifeMs === null ? null : new Date(clock.now().getTime() + lifeMs) };
  };
  const read = async (token: Secret) => token.reveal();
  return { tokens, clock, logIn, read, logIns: () => logIns };
};

test('those who come together share one log-in, and each identity has its own', async () => {
  const { tokens, logIn, read } = open();
  const all = await Promise.all(['a', 'a', 'b', 'a'].map((identity) => tokens.using(identity, logIn, read)));
  expect(all).toEqual(['token 1', 'token 1', 'token 2', 'token 1']);
});

test('a token is used until it expires', async () => {
  const { tokens, clock, logIn, read } = open(60_000);
  await tokens.using('a', logIn, read);
  clock.advance(59_000);
  expect(await tokens.using('a', logIn, read)).toBe('token 1');
  clock.advance(1_000);
  expect(await tokens.using('a', logIn, read)).toBe('token 2');
});

test('a refused token is replaced once, and the second refusal is told', async () => {
  const { tokens, logIn, logIns } = open();
  const refuse = () => Promise.reject(new Fault('unauthorized', 'No.'));
  await expect(tokens.using('a', logIn, refuse)).rejects.toMatchObject({ kind: 'unauthorized' });
  expect(logIns()).toBe(2);
});

test('a log-in that fails is not tried again by itself, and remembered by nobody', async () => {
  const { tokens, logIn, read, logIns } = open();
  let failed = 0;
  const refused = () => {
    failed++;
    return Promise.reject(new Fault('unauthorized', 'Wrong.'));
  };
  await expect(tokens.using('a', refused, read)).rejects.toMatchObject({ kind: 'unauthorized' });
  expect(failed).toBe(1);
  expect(await tokens.using('a', logIn, read)).toBe('token 1');
  await tokens.forget('a');
  await tokens.using('a', logIn, read);
  expect(logIns()).toBe(2);
});
