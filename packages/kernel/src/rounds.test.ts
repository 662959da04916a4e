import { expect, test } from 'vitest';
import { openRounds } from './rounds.ts';

const hour = 3_600_000;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('looks at once, again for whoever wakes it meanwhile, and never twice at a time', async () => {
  let looks = 0;
  let atOnce = 0;
  let go = Promise.withResolvers<void>();
  const rounds = openRounds({
    everyMs: hour,
    async look() {
      looks += 1;
      atOnce += 1;
      expect(atOnce).toBe(1);
      await go.promise;
      atOnce -= 1;
    },
    onFault: (error) => expect(error).toBe(undefined),
  });
  await turn();
  expect(looks).toBe(1);
  for (let times = 0; times < 5; times += 1) rounds.wake();
  const first = go;
  go = Promise.withResolvers();
  first.resolve();
  await turn();
  expect(looks).toBe(2);
  go.resolve();
  await turn();
  expect(looks).toBe(2);
  await rounds.close();
});

test('goes on after a fault, and ends after the look that is under way', async () => {
  const faults: unknown[] = [];
  const go = Promise.withResolvers<void>();
  let looks = 0;
  let tidied = 0;
  const rounds = openRounds({
    everyMs: 1,
    async look() {
      looks += 1;
      if (looks < 3) throw new Error(`fault ${looks}`);
      await go.promise;
    },
    async tidy() {
      tidied += 1;
      throw new Error('old');
    },
    onFault: (error) => faults.push(error),
  });
  await expect.poll(() => [looks, tidied > 3]).toEqual([3, true]);
  expect(faults.map(String)).toEqual(expect.arrayContaining(['Error: fault 1', 'Error: fault 2', 'Error: old']));
  let isClosed = false;
  const closed = rounds.close().then(() => {
    isClosed = true;
  });
  await turn();
  expect(isClosed).toBe(false);
  go.resolve();
  await closed;
  rounds.wake();
  await turn();
  expect(looks).toBe(3);
});
