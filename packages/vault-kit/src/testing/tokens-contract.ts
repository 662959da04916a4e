import { createTestClock } from '@gatehouse/host/testing';
import { type Clock, Fault, Secret } from '@gatehouse/kernel';
import { describe, expect, test } from 'vitest';
import type { Tokens } from '../tokens.ts';

/** What every `Tokens` promises to plugins, as a Vitest suite. `make` gives a new, empty one that goes by the clock. */
export const tokensContract = (name: string, make: (clock: Clock) => Tokens): void => {
  describe(`${name} keeps the contract of tokens`, () => {
    test('those who come together share one log-in, and each identity has its own', async () => {
      const { tokens, logIn, read } = openWith(make);
      const all = await Promise.all(['a', 'a', 'b', 'a'].map((identity) => tokens.using(identity, logIn, read)));
      expect(all).toEqual(['token 1', 'token 1', 'token 2', 'token 1']);
    });

    test('a token is used until it expires', async () => {
      const { tokens, clock, logIn, read } = openWith(make, 60_000);
      await tokens.using('a', logIn, read);
      clock.advance(59_000);
      expect(await tokens.using('a', logIn, read)).toBe('token 1');
      clock.advance(1_000);
      expect(await tokens.using('a', logIn, read)).toBe('token 2');
    });

    test('a refused token is replaced once, and the second refusal is told', async () => {
      const { tokens, logIn, logIns } = openWith(make);
      const refuse = () => Promise.reject(new Fault('unauthorized', 'No.'));
      await expect(tokens.using('a', logIn, refuse)).rejects.toMatchObject({ kind: 'unauthorized' });
      expect(logIns()).toBe(2);
    });

    test('a log-in that fails is not tried again by itself, and remembered by nobody', async () => {
      const { tokens, logIn, read, logIns } = openWith(make);
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

    test('what a log-in or a use throws comes through as it is', async () => {
      const { tokens, logIn } = openWith(make);
      const error = new Error('of the plugin');
      await expect(
        tokens.using(
          'a',
          () => Promise.reject(error),
          async () => 1,
        ),
      ).rejects.toBe(error);
      await expect(tokens.using('a', logIn, () => Promise.reject(error))).rejects.toBe(error);
    });

    test('somebody who was refused late does not cost others the new token', async () => {
      const { tokens, logIn, read, logIns } = openWith(make);
      let refusals = 0;
      const late = () =>
        tokens.using('a', logIn, async (token) => {
          if (token.reveal() !== 'token 1') return token.reveal();
          // One after the other: the last hears of it when a new token is there already.
          const turns = 20 * refusals++;
          for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
          throw new Fault('unauthorized', 'Over.');
        });
      expect(await Promise.all([late(), late(), late()])).toEqual(['token 2', 'token 2', 'token 2']);
      expect(await tokens.using('a', logIn, read)).toBe('token 2');
      expect(logIns()).toBe(2);
    });
  });
};

const openWith = (make: (clock: Clock) => Tokens, lifeMs: number | null = null) => {
  const clock = createTestClock();
  const tokens = make(clock);
  let logIns = 0;
  const logIn = async () => {
    const value = new Secret(`token ${++logIns}`);
    await new Promise((resolve) => setImmediate(resolve));
    return { value, expiresAt: lifeMs === null ? null : new Date(clock.now().getTime() + lifeMs) };
  };
  const read = async (token: Secret) => token.reveal();
  return { tokens, clock, logIn, read, logIns: () => logIns };
};
