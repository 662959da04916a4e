import { type Event, empty } from '@gatehouse/connector-kit';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventoryMigrations } from './migrations.ts';
import { connectTo, pageOf, pages, read, total } from './testing/stored-connection.ts';

let made: TestDatabase;
beforeAll(async () => {
  made = await testDatabase({ migrations: inventoryMigrations });
});
afterAll(() => made.close());
const connect = () => connectTo(made.database);

test.each([
  ['prepared', true],
  ['not prepared', false],
])(
  'pages stored together leave what they leave one by one, also with ids that come again: %s',
  async (_, isPrepared) => {
    const list = [
      pageOf(['a', 'b'], '1', { displayName: 'New' }),
      pageOf(['b', 'x'], '2'),
      pageOf(['x', 'c', 'd'], '3', { displayName: 'Newer' }),
      pageOf(['e'], null),
    ];
    const [alone, together] = [await connect(), await connect()];
    await read(alone, pages);
    await read(together, pages);
    await read(alone, list);
    const store = together.open();
    await store.begin('users');
    if (isPrepared)
      for (const page of list) expect(await store.prepare?.('users', 'accounts', page)).toBeGreaterThan(0);
    await store.save('users', 'accounts', list);
    expect(await store.position('users')).toMatchObject({ cursor: null, midway: true });
    await store.finish('users', 'accounts', null);
    expect(await together.accounts()).toEqual(await alone.accounts());
    expect((await together.accounts()).map(({ id, name }) => [id, name])).toEqual([
      ['a', 'New'],
      ['b', 'Name of b'],
      ['c', 'Newer'],
      ['d', 'Newer'],
      ['e', 'Name of e'],
      ['x', 'Newer'],
    ]);
  },
);

test('an unfinished read deletes nothing, a finished one marks what it did not see', async () => {
  const connection = await connect();
  await read(connection, pages);
  await read(connection, [pageOf(['a'], '1'), pageOf([], null)], 1);
  expect((await connection.accounts()).filter(({ gone }) => gone)).toEqual([]);
  const counts = await read(connection, [pageOf(['a'], '1'), pageOf([], null)]);
  expect(total(counts).gone).toBe(4);
  expect((await connection.accounts()).filter(({ gone }) => !gone).map(({ id }) => id)).toEqual(['a']);
  expect((await connection.changes()).map(({ id, change }) => `${id} ${change}`).toSorted()).toEqual([
    'b gone',
    'c gone',
    'd gone',
    'e gone',
  ]);
});

test('a page that is stored twice counts once', async () => {
  const connection = await connect();
  const store = connection.open();
  await store.begin('users');
  for (const page of [...pages, ...pages]) await store.save('users', 'accounts', [page]);
  await store.finish('users', 'accounts', null);
  expect(await connection.accounts()).toHaveLength(5);
});

test('a delta page changes only what it names, and says what is gone', async () => {
  const connection = await connect();
  const store = connection.open();
  await store.begin('changes');
  await store.save('changes', 'accounts', [pageOf(['a', 'b', 'c'], 'w1')]);
  await store.finish('changes', 'accounts', 'w1');
  const delta = { ...pageOf(['b', 'd', 'd'], 'w2', { displayName: 'New' }), gone: ['c', 'unknown'] };
  expect(await store.save('changes', 'accounts', [delta])).toEqual({ inserted: 1, changed: 1, unchanged: 1, gone: 1 });
  expect(await store.save('changes', 'accounts', [delta])).toEqual({ inserted: 0, changed: 0, unchanged: 3, gone: 0 });
  expect((await store.finish('changes', 'accounts', 'w2')).gone).toBe(0);
  expect(await store.position('changes')).toMatchObject({ cursor: 'w2', midway: false });
  expect((await connection.accounts()).map(({ id, name, gone }) => `${id} ${name} ${gone}`)).toEqual([
    'a Name of a false',
    'b New false',
    'c Name of c true',
    'd New false',
  ]);
  const [state] = await connection.query(() => sql<{ records: number }>`select records from stream_states`);
  expect(state?.records).toBe(3);
});

test('events are only ever added, and repeats are dropped', async () => {
  const connection = await connect();
  const store = connection.open();
  const event = (id: string, action: string): Event => ({ ...empty('events'), id, raw: {}, action, time: new Date(0) });
  const save = (records: readonly Event[], cursor: string) => store.save('log', 'events', [{ records, cursor }]);
  expect(await save([event('1', 'in'), event('2', 'in')], 'c1')).toMatchObject({ inserted: 2 });
  expect(await save([event('2', 'other'), event('3', 'out'), event('3', 'out')], 'c2')).toMatchObject({
    inserted: 1,
    changed: 0,
    gone: 0,
  });
  await store.finish('log', 'events', 'c2');
  expect(await connection.query(() => sql`select id, action from events order by seq`)).toEqual([
    { id: '1', action: 'in' },
    { id: '2', action: 'in' },
    { id: '3', action: 'out' },
  ]);
  expect((await store.position('log')).cursor).toBe('c2');
  expect(await connection.changes()).toEqual([]);
});

test('a run that was overtaken by another one is stopped and changes nothing', async () => {
  const connection = await connect();
  const [first, second] = [connection.open(), connection.open()];
  await first.begin('users');
  await first.save('users', 'accounts', [pageOf(['a'], '1')]);
  await second.save('users', 'accounts', [pageOf(['b'], '2')]);
  await expect(first.save('users', 'accounts', [pageOf(['c'], '2')])).rejects.toMatchObject({ kind: 'unexpected' });
  await expect(first.save('users', 'accounts', [pageOf(['b', 'd'], '2')])).resolves.toMatchObject({ inserted: 1 });
  expect((await connection.accounts()).map(({ id }) => id)).toEqual(['a', 'b', 'd']);
});

test('pages of ten thousand records and seqs beyond one block are all kept', async () => {
  const connection = await connect();
  const ids = Array.from({ length: 10_000 }, (_, n) => `n${n}`);
  await read(connection, [pageOf(ids, '1'), pageOf(ids, '2', { displayName: 'All new' }), pageOf(['last'], null)]);
  const [row] = await connection.query(
    () =>
      sql`select count(*)::int as rows, count(distinct seq)::int as seqs, count(*) filter (where display_name = 'All new')::int as new from accounts`,
  );
  expect(row).toEqual({ rows: 10_001, seqs: 10_001, new: 10_000 });
});

test('a page is stored with its cursor or not at all', async () => {
  const connection = await connect();
  const store = connection.open();
  await store.begin('users');
  await store.save('users', 'accounts', [pageOf(['a'], '1')]);
  // The tenant cannot be referenced any more in the middle of a page: a failure that only the database sees.
  await made.database.system(async (tx) => {
    await sql`alter table accounts add constraint planted check (id <> 'poison') not valid`.execute(tx);
  });
  await expect(store.save('users', 'accounts', [pageOf(['b', 'poison'], '2')])).rejects.toThrow();
  await made.database.system((tx) => sql`alter table accounts drop constraint planted`.execute(tx));
  expect(await store.position('users')).toMatchObject({ cursor: '1', midway: true });
  await store.save('users', 'accounts', [pageOf(['b', 'poison'], null)]);
  expect((await store.finish('users', 'accounts', null)).gone).toBe(0);
  expect((await connection.accounts()).map(({ id }) => id)).toEqual(['a', 'b', 'poison']);
});
