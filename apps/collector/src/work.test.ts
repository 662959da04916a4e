import { afterEach, describe, expect, test } from 'vitest';
import { type Installed, installOne, startProcess, until } from './testing/installed.ts';
import { madeUp } from './testing/made-up.ts';
import { startWork, type Work } from './work.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});
const set = async (more: Parameters<typeof installOne>[0] = {}): Promise<Installed> => {
  const installed = await installOne(more);
  open.push(() => installed.close());
  return installed;
};
const begin = async ({ home }: Installed): Promise<Work> => {
  const work = await startWork({ home, plugins: [madeUp], refusedMs: 200 });
  open.push(() => work.stop());
  return work;
};
const ends = ({ server }: Installed) => server.batches.filter(({ type }) => type === 'end').length;
const idsOf = ({ server }: Installed, stream: string) =>
  server.batches.flatMap((batch) =>
    batch.type === 'page' && batch.stream === `active-directory-${stream}` ? batch.records.map(({ id }) => id) : [],
  );

describe('a collector', () => {
  test('reads every stream and sends each page once, in order, closed by its end', async () => {
    const installed = await set();
    await begin(installed);
    await until(
      () => ends(installed) === 1 && idsOf(installed, 'events').length === 5,
      () => installed.written(),
    );
    expect(idsOf(installed, 'users')).toEqual(['user-0', 'user-1', 'user-2', 'user-3', 'user-4']);
    expect(idsOf(installed, 'events')).toEqual(['event-0', 'event-1', 'event-2', 'event-3', 'event-4']);
    expect(installed.server.counts).toEqual({ known: 0, outOfOrder: 0, stale: 0 });
  });
});

test('a process', async () => {
  const installed = await set();
  const { child, printed, ended } = startProcess('crash-process.ts', [installed.home, '0']);
  await until(() => ends(installed) === 1, printed);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
