import { empty, type RecordKind } from '@gatehouse/connector-kit';
import { type TestDatabase, testDatabase } from '@gatehouse/database/testing';
import type { Whole } from '@gatehouse/host';
import { type ConnectionId, newId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inventoryMigrations } from './migrations.ts';
import { openRunStore } from './store-run.ts';
import { account, connectTo, pageOf, pages, read, total } from './testing/stored-connection.ts';

let made: TestDatabase;
beforeAll(async () => {
  made = await testDatabase({ migrations: inventoryMigrations });
});
afterAll(() => made.close());
const connect = () => connectTo(made.database);

test('a first read brings in every record and writes no history', async () => {
  const connection = await connect();
  expect(total(await read(connection, pages))).toEqual({ inserted: 5, changed: 0, unchanged: 0, gone: 0 });
  expect((await connection.accounts()).map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(await connection.changes()).toEqual([]);
});

test('a second read of the same changes no row', async () => {
  const connection = await connect();
  await read(connection, pages);
  const before = await connection.query(() => sql`select xmin::text, * from accounts order by id`);
  expect(total(await read(connection, pages))).toEqual({ inserted: 0, changed: 0, unchanged: 5, gone: 0 });
  expect(await connection.query(() => sql`select xmin::text, * from accounts order by id`)).toEqual(before);
});

test('a killed run resumes at its last committed page, whichever that was, and ends with the same inventory', async () => {
  const undisturbed = await connect();
  const second = [pageOf(['a', 'x'], '1'), pageOf(['c'], '2', { displayName: 'New' }), pageOf(['e'], null)];
  await read(undisturbed, pages);
  await read(undisturbed, second);
  for (const stop of [0, 1, 2]) {
    const connection = await connect();
    await read(connection, pages, stop);
    await read(connection, pages);
    await read(connection, second, stop);
    expect((await connection.accounts()).filter(({ gone }) => gone)).toEqual([]);
    await read(connection, second);
    expect(await connection.accounts()).toEqual(await undisturbed.accounts());
    expect(await connection.changes()).toEqual(await undisturbed.changes());
  }
});

test('a new generation forgets what an unfinished one saw', async () => {
  const connection = await connect();
  await read(connection, pages);
  const store = connection.open();
  await store.begin('users');
  await store.save('users', 'accounts', [pageOf(['a', 'b', 'c', 'd'], '1')]);
  await store.begin('users');
  await store.save('users', 'accounts', [pageOf(['a'], null)]);
  expect((await store.finish('users', 'accounts', null)).gone).toBe(4);
});

test('the history says which fields changed, with both values, and when something came', async () => {
  const connection = await connect();
  await read(connection, pages);
  const changed = { ...account('a'), displayName: 'Ada', owners: ['b'], lastLoginAt: new Date(0) };
  await read(connection, [{ records: [changed, ...['b', 'c', 'd', 'e', 'f'].map((id) => account(id))], cursor: null }]);
  expect(await connection.changes()).toEqual([
    {
      id: 'a',
      change: 'changed',
      fields: { displayName: { before: 'Name of a', after: 'Ada' }, owners: { before: [], after: ['b'] } },
    },
    { id: 'f', change: 'added', fields: {} },
  ]);
});

test('a change of activity or of the raw words alone is stored, but is no line of history', async () => {
  const connection = await connect();
  await read(connection, [pageOf(['a'], null)]);
  const [before] = await connection.query(() => sql<{ at: Date }>`select changed_at as at from accounts`);
  const counts = await read(connection, [
    pageOf(['a'], null, { lastLoginAt: new Date(1_000), raw: { id: 'a', n: 2 } }),
  ]);
  expect(total(counts).changed).toBe(1);
  const [after] = await connection.query(
    () =>
      sql<{ at: Date; raw: unknown; login: Date }>`select changed_at as at, raw, last_login_at as login from accounts`,
  );
  expect(after).toEqual({ at: before?.at, raw: { id: 'a', n: 2 }, login: new Date(1_000) });
  expect(await connection.changes()).toEqual([]);
});

test('a record that comes back is no longer gone, even when nothing else about it changed', async () => {
  const connection = await connect();
  await read(connection, pages);
  await read(connection, [pageOf(['a'], null)]);
  await read(connection, pages);
  expect((await connection.accounts()).filter(({ gone }) => gone)).toEqual([]);
  const returned = (await connection.changes()).filter(({ change }) => change === 'returned');
  expect(returned.map(({ id }) => id).toSorted()).toEqual(['b', 'c', 'd', 'e']);
});

test('of several records with one id in a page or in later pages the last one counts', async () => {
  const connection = await connect();
  const twice = { records: [account('a', { displayName: 'one' }), account('a', { displayName: 'two' })], cursor: '1' };
  await read(connection, [twice, pageOf(['b'], '2'), pageOf(['b'], null, { displayName: 'later' })]);
  expect((await connection.accounts()).map(({ id, name }) => `${id} ${name}`)).toEqual(['a two', 'b later']);
  const back = { records: [account('a', { displayName: 'three' }), account('a', { displayName: 'two' })], cursor: '1' };
  await read(connection, [back, pageOf(['b'], null, { displayName: 'later' })]);
  expect((await connection.accounts()).map(({ id, name }) => `${id} ${name}`)).toEqual(['a two', 'b later']);
});

test('every kind of value arrives as it was sent', async () => {
  const connection = await connect();
  const hard = 'tab\t line\n return\r back\\slash "quote" {brace} \\N ünï 漢 😀 \\u0041';
  const given = account(`id ${hard}`, {
    displayName: hard,
    emails: [hard, '', 'NULL', 'a,b', '\\'],
    ssoOnly: false,
    createdAt: new Date('2024-02-29T12:00:00.123Z'),
    raw: { [hard]: [hard, null, 1.5, { deep: ['\u0001'] }] },
  });
  await read(connection, [{ records: [given], cursor: null }]);
  const [row] = await connection.query(
    () => sql`select id, display_name, emails, sso_only, created_at, title, raw from accounts`,
  );
  expect(row).toEqual({
    id: given.id,
    display_name: hard,
    emails: given.emails,
    sso_only: false,
    created_at: given.createdAt,
    title: null,
    raw: given.raw,
  });
});

test('what PostgreSQL cannot hold is mended, and ten megabytes are cut', async () => {
  const connection = await connect();
  const large = 'x'.repeat(10_000_000);
  const given = account('a', {
    displayName: 'zero\0 half\ud800',
    title: large,
    createdAt: new Date(Number.NaN),
    raw: { 'zero\0': 'half\ud800 and \0', large, list: Array.from({ length: 100_000 }, () => 'word') },
  });
  await read(connection, [{ records: [given], cursor: null }]);
  const [row] = await connection.query(
    () =>
      sql<
        Record<string, unknown>
      >`select display_name, length(title) as title, created_at, raw ->> 'zero' as raw, length(raw::text) < 300000 as small from accounts`,
  );
  expect(row).toEqual({
    display_name: 'zero half\ufffd',
    title: 2000,
    created_at: null,
    raw: 'half\ufffd and ',
    small: true,
  });
});

test('an id that is empty or endless is refused and stores nothing of its page', async () => {
  const connection = await connect();
  const store = connection.open();
  await store.begin('users');
  for (const id of ['', 'x'.repeat(501)]) {
    await expect(store.save('users', 'accounts', [pageOf(['fine', id], '1')])).rejects.toMatchObject({
      kind: 'unexpected',
    });
  }
  expect(await connection.accounts()).toEqual([]);
  expect(await store.position('users')).toMatchObject({ cursor: null, midway: true });
});

test('streams and connections with the same ids keep apart', async () => {
  const connection = await connect();
  const other = { ...connection.run, connectionId: newId<ConnectionId>() };
  await read(connection, pages);
  const store = openRunStore(made.database, other);
  for (const stream of ['users', 'changes']) {
    await store.begin(stream);
    await store.save(stream, 'accounts', [pageOf(['a'], null)]);
    await store.finish(stream, 'accounts', null);
  }
  expect((await connection.accounts()).filter(({ gone }) => gone)).toEqual([]);
  expect(await connection.accounts()).toHaveLength(7);
});

test.each<RecordKind>(['groups', 'memberships', 'roles', 'grants', 'resources', 'credentials', 'factors', 'policies'])(
  '%s are stored, compared and marked like accounts',
  async (kind) => {
    const connection = await connect();
    const store = connection.open();
    const record = (id: string, raw: string) => ({ ...empty(kind), id, raw });
    const page = (...records: ReturnType<typeof record>[]) =>
      store.save('users', kind, [{ records: records as never, cursor: null }]);
    await store.begin('users');
    expect(await page(record('a', '1'), record('b', '1'))).toMatchObject({ inserted: 2 });
    await store.finish('users', kind, null);
    await store.begin('users');
    expect(await page(record('a', '2'))).toMatchObject({ changed: 1, unchanged: 0 });
    expect(await store.finish('users', kind, null)).toMatchObject({ gone: 1 });
  },
);

test('a page that has every part of a thing lets the others of it go, and nothing else', async () => {
  const connection = await connect();
  const member = (groupId: string, memberId: string) => ({
    ...empty('memberships'),
    ...{ id: `${groupId}/${memberId}`, groupId, memberId, raw: null },
  });
  const page = (of: readonly [string, string][], cursor: string, wholes: readonly Whole[]) => ({
    ...{ records: of.map(([group, id]) => member(group, id)), cursor, wholes },
  });
  const store = connection.open();
  await store.begin('members');
  const first = (['g1', 'g2'] as const).flatMap((group) => ['a', 'b', 'c', 'd'].map((id) => member(group, id)));
  await store.save('members', 'memberships', [{ records: first, cursor: '1' }]);
  await store.finish('members', 'memberships', '1');
  const there = async () =>
    (
      await connection.query<{ id: string }>(() => sql`select id from memberships where gone_at is null order by id`)
    ).map(({ id }) => id);

  const left = await store.save('members', 'memberships', [
    page(
      [
        ['g1', 'a'],
        ['g1', 'x'],
      ],
      '2',
      [{ id: 'g1' }],
    ),
  ]);
  expect(left).toEqual({ inserted: 1, changed: 0, unchanged: 1, gone: 3 });
  expect(await there()).toEqual(['g1/a', 'g1/x', 'g2/a', 'g2/b', 'g2/c', 'g2/d']);
  // A thing in two stretches: the first page does not speak of what the second has.
  await store.save('members', 'memberships', [page([['g2', 'b']], '3', [{ id: 'g2', before: 'g2/c' }])]);
  expect(await there()).toEqual(['g1/a', 'g1/x', 'g2/b', 'g2/c', 'g2/d']);
  await store.save('members', 'memberships', [page([['g2', 'd']], '4', [{ id: 'g2', from: 'g2/c' }])]);
  expect(await there()).toEqual(['g1/a', 'g1/x', 'g2/b', 'g2/d']);
  // A thing without parts any more.
  expect(await store.save('members', 'memberships', [page([], '5', [{ id: 'g2' }])])).toMatchObject({ gone: 2 });
  expect(await there()).toEqual(['g1/a', 'g1/x']);
});
