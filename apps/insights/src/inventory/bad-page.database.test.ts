import { type Account, defineConnector, runStreams, stream } from '@gatehouse/connector-kit';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { fields } from '@gatehouse/fields';
import { createHost, type Page } from '@gatehouse/host';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventoryMigrations } from './migrations.ts';
import { account, connectTo, pageOf } from './testing/stored-connection.ts';

let made: TestDatabase;
beforeAll(async () => {
  made = await testDatabase({ migrations: inventoryMigrations });
});
afterAll(() => made.close());

const last = 12;
const good = Array.from({ length: last }, (_, n) =>
  pageOf([`${n}-a`, `${n}-b`], n + 1 < last ? String(n + 1) : null, { title: 'x'.repeat(1_500) }),
);
const idsOf = (pages: readonly Page<Account>[]) => pages.flatMap(({ records }) => records.map(({ id }) => id)).sort();

/** Reads `good`, faster than any database stores, with something else where page number `at` would come. */
const readingBadly = (at: number, bad: () => Page<Account>) =>
  defineConnector({
    ...{ id: 'fast', name: 'Fast', summary: 'A system that answers at once.', config: fields.object({}), setup: [] },
    ...{ point: () => 'fast.example', connect: () => null, check: async () => [] },
    streams: {
      users: stream<null, 'accounts'>({
        ...{ record: 'accounts', title: 'Users', needs: 'nothing', reading: { mode: 'full' }, everyMs: 1 },
        async *read(_, from) {
          for (let n = Number(from ?? 0); n < last; n++) yield n === at ? bad() : (good[n] ?? pageOf([], null));
        },
      }),
    },
  });

const never = last + 1;
const run = async (connection: Awaited<ReturnType<typeof connectTo>>, at: number, bad: () => Page<Account>) => {
  const signal = new AbortController().signal;
  const connector = readingBadly(at, bad);
  const outcome = await runStreams({ connector, settings: {}, host: createHost({ signal }), store: connection.open() });
  return outcome.streams[0];
};
const fine = () => pageOf([], null);

test.each<[string, () => Page<Account>, string]>([
  [
    'a fault of the system',
    () => {
      throw new Fault('unexpected', 'Fast answered with a web page.');
    },
    'Fast answered with a web page.',
  ],
  [
    'a mistake of the connector',
    () => {
      throw new TypeError('cannot read properties of undefined');
    },
    'Something went wrong on our side',
  ],
  ['a cursor that leads back', () => ({ ...pageOf(['bad'], '3') }), 'contradict themselves'],
  [
    'a page that is too large',
    () => ({ records: Array.from({ length: 10_001 }, (_, n) => account(`bad-${n}`)), cursor: '8' }),
    'contradict themselves',
  ],
  ['records that are none', () => ({ records: [null as never], cursor: '8' }), 'Something went wrong on our side'],
])(
  'after %s the pages before it are stored with their cursor, nothing is gone, and the next run has it all',
  async (_, bad, words) => {
    const connection = await connectTo(made.database);
    await run(connection, never, fine);
    const before = await connection.accounts();
    // A second read, so that something is there to be lost, and others come.
    await connection.query(() => sql`delete from accounts where id like '7-%'`);
    const failed = await run(connection, 7, bad);
    expect(failed).toMatchObject({ state: 'failed', health: 'warning', pages: 7, records: 14, wasFull: false });
    expect(failed?.fault?.advice).toContain(words);
    expect(await connection.open().position('users')).toMatchObject({ cursor: '7', midway: true });
    const kept = await connection.accounts();
    expect(kept.filter(({ gone }) => gone)).toEqual([]);
    expect(kept.map(({ id }) => id)).toEqual(idsOf(good).filter((id) => !id.startsWith('7-')));
    expect(await run(connection, never, fine)).toMatchObject({
      state: 'done',
      pages: 5,
      counts: { inserted: 2, gone: 0 },
    });
    expect(await connection.accounts()).toEqual(before);
  },
);

test('after a page that the database refuses nothing behind it is stored, and the next run has it all', async () => {
  const connection = await connectTo(made.database);
  await made.database.system((tx) =>
    sql`alter table accounts add constraint planted check (id <> '7-b') not valid`.execute(tx),
  );
  await expect(run(connection, never, fine)).rejects.toThrow();
  const { cursor, midway } = await connection.open().position('users');
  expect(midway).toBe(true);
  expect(Number(cursor)).toBeLessThanOrEqual(7);
  const stored = (await connection.accounts()).map(({ id }) => id);
  // Exactly what the cursor says: whole pages in their order, and none of those behind.
  expect(stored).toEqual(idsOf(good.slice(0, Number(cursor))));
  await made.database.system((tx) => sql`alter table accounts drop constraint planted`.execute(tx));
  expect(await run(connection, never, fine)).toMatchObject({ state: 'done', counts: { gone: 0 } });
  expect((await connection.accounts()).map(({ id }) => id)).toEqual(idsOf(good));
});
