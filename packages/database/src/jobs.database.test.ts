import { fork } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Jobs, openJobs } from './jobs.ts';
import { testDatabase } from './testing/index.ts';

const queue = { name: 'reads', concurrency: 4, heartbeatSeconds: 10, retryDelaySeconds: 1 };
const opened = async (url: string): Promise<Jobs> =>
  openJobs({
    url,
    pollSeconds: 0.5,
    onError: () => undefined,
  });

test('over two processes only one job of a key runs at a time, and different keys run side by side', async () => {
  await using made = await testDatabase({ migrations: [] });
  const copies = [await opened(made.url), await opened(made.url)] as const;
  const running = new Map<string, number>();
  let most = 0;
  let done = 0;
  const all = Promise.withResolvers<void>();
  const bothKeys = Promise.withResolvers<void>();
  for (const copy of copies) {
    await copy.work<{ key: string }>(queue, async ({ body }) => {
      running.set(body.key, (running.get(body.key) ?? 0) + 1);
      most = Math.max(most, running.get(body.key) ?? 0);
      if ([...running.values()].filter((count) => count > 0).length === 2) bothKeys.resolve();
      await bothKeys.promise;
      // The second job of this key waits, and would start now if it could.
      if (done === 0) await copies[0].send('reads', { key: body.key }, { key: body.key });
      await new Promise((resolve) => setImmediate(resolve));
      running.set(body.key, (running.get(body.key) ?? 0) - 1);
      if (++done === 3) all.resolve();
    });
  }
  for (const key of ['a', 'b']) await copies[0].send('reads', { key }, { key });
  await all.promise;
  expect(most).toBe(1);
  for (const copy of copies) await copy.stop();
});

test('a job that waits already is not added again', async () => {
  await using made = await testDatabase({ migrations: [] });
  const jobs = await opened(made.url);
  expect(await jobs.send('reads', {}, { key: 'a' })).not.toBeNull();
  expect(await jobs.send('reads', {}, { key: 'a' })).toBeNull();
  expect(await jobs.send('reads', {}, { key: 'b' })).not.toBeNull();
  await jobs.stop();
});

test('a job that fails is tried again', async () => {
  await using made = await testDatabase({ migrations: [] });
  const jobs = await opened(made.url);
  const attempts: number[] = [];
  const succeeded = Promise.withResolvers<void>();
  await jobs.work(queue, async ({ attempt }) => {
    attempts.push(attempt);
    if (attempt === 0) throw new Error('the first time');
    succeeded.resolve();
  });
  await jobs.send('reads', {}, { key: 'a' });
  await succeeded.promise;
  expect(attempts).toEqual([0, 1]);
  await jobs.stop();
});

test('stopping tells the running job and takes less than five seconds even when it does not listen', async () => {
  await using made = await testDatabase({ migrations: [] });
  const jobs = await opened(made.url);
  const started = Promise.withResolvers<AbortSignal>();
  await jobs.work(queue, async (_, signal) => {
    started.resolve(signal);
    await new Promise(() => undefined);
  });
  await jobs.send('reads', {}, { key: 'a' });
  const signal = await started.promise;
  const before = performance.now();
  await jobs.stop();
  expect(signal.aborted).toBe(true);
  expect(performance.now() - before).toBeLessThan(5_500);
});

test('the job of a killed process is taken up by another within a minute', { timeout: 90_000 }, async () => {
  await using made = await testDatabase({ migrations: [] });
  const child = fork(join(import.meta.dirname, 'testing', 'hanging-worker.ts'), [made.url], { execArgv: [] });
  await new Promise((resolve) => child.once('message', resolve));
  child.kill('SIGKILL');
  const killed = performance.now();
  const jobs = await opened(made.url);
  const taken = Promise.withResolvers<number>();
  await jobs.work(queue, async ({ attempt }) => taken.resolve(attempt));
  expect(await taken.promise).toBe(1);
  expect(performance.now() - killed).toBeLessThan(60_000);
  await jobs.stop();
});
