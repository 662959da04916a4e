import { expect, test } from 'vitest';
import { createLine } from './line.ts';

const never = new AbortController().signal;
const longMs = 60_000;

test('no more than so many are inside at once, and all of them get in, in the order in which they came', async () => {
  const line = createLine(3);
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const come = async (number: number) => {
    const leave = await line.enter(longMs, never);
    order.push(number);
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    leave();
    // Said twice it is the same.
    leave();
  };
  const numbers = Array.from({ length: 200 }, (_, number) => number);
  await Promise.all(numbers.map(come));
  expect([most, order]).toEqual([3, numbers]);
});

test('whoever gives up or has waited long enough takes no place, and holds up nobody', async () => {
  const line = createLine(1);
  const leave = await line.enter(longMs, never);
  const controller = new AbortController();
  const gone = line.enter(longMs, controller.signal);
  const late = line.enter(1, never);
  const next = line.enter(longMs, never);
  controller.abort(new Error('given up'));
  await expect(gone).rejects.toThrow('given up');
  await expect(late).rejects.toMatchObject({ kind: 'throttled' });
  leave();
  expect(await next).toBeTypeOf('function');
  await expect(line.enter(longMs, controller.signal)).rejects.toThrow('given up');
});
