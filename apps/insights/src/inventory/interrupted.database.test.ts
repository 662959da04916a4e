import { fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, type Connector, empty } from '@gatehouse/connector-kit';
import { type Database, openDatabase, startEmbedded } from '@gatehouse/database';
import { testDatabase } from '@gatehouse/database/testing';
import { type ConnectionId, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { inventoryMigrations } from './migrations.ts';
import { openRunStore } from './store-run.ts';

const streams = { users: { reading: { mode: 'full' } } } as unknown as Connector['streams'];
const pageOf = (page: number, pages: number) => ({
  records: Array.from(
    { length: 50 },
    (_, n): Account => ({ ...empty('accounts'), id: `${page}-${n}`, raw: { page, n }, displayName: `Person ${n}` }),
  ),
  cursor: page + 1 < pages ? String(page + 1) : null,
});
const tenantOf = async (database: Database) => {
  const run = { tenantId: newId<TenantId>(), connectionId: newId<ConnectionId>(), connector: { streams } };
  await database.system((tx) => sql`insert into tenants (tenant_id, name) values (${run.tenantId}, 'T')`.execute(tx));
  return run;
};
const finishFrom = async (store: ReturnType<typeof openRunStore>, pages: number) => {
  const { cursor, midway } = await store.position('users');
  if (!midway) await store.begin('users');
  for (let page = midway ? Number(cursor ?? 0) : 0; page < pages; page++) {
    await store.save('users', 'accounts', [pageOf(page, pages)]);
  }
  return await store.finish('users', 'accounts', null);
};
const inventory = async (database: Database) =>
  (
    await database.system((tx) =>
      sql<object>`select count(*)::int as rows, count(distinct id)::int as ids, count(gone_at)::int as gone,
        (select count(*)::int from changes) as changes from accounts`.execute(tx),
    )
  ).rows[0];

test('a process that is killed while it stores loses and doubles nothing', { timeout: 60_000 }, async () => {
  const pages = 60;
  for (const killedAfter of [1, 7, 40]) {
    await using made = await testDatabase({ migrations: inventoryMigrations });
    const run = await tenantOf(made.database);
    const child = fork(
      join(import.meta.dirname, 'testing', 'storing-process.ts'),
      [made.url, run.tenantId, run.connectionId, String(pages)],
      { execArgv: [] },
    );
    await new Promise<void>((resolve) => {
      child.on('message', (stored) => {
        if (stored === killedAfter) resolve();
      });
    });
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect((await finishFrom(openRunStore(made.database, run), pages)).gone).toBe(0);
    expect(await inventory(made.database)).toEqual({ rows: pages * 50, ids: pages * 50, gone: 0, changes: 0 });
  }
});

test('a database that is away in the middle of a run is a Fault, and the same store goes on when it is back', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-away-'));
  chmodSync(home, 0o711);
  const first = await startEmbedded({ home, settings: { fsync: 'off' } });
  const database = await openDatabase({ url: await first.database('insights'), migrations: inventoryMigrations });
  try {
    const run = await tenantOf(database);
    const store = openRunStore(database, run);
    await store.begin('users');
    await store.save('users', 'accounts', [pageOf(0, 4)]);
    await first.stop();
    await expect(store.save('users', 'accounts', [pageOf(1, 4)])).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(store.position('users')).rejects.toMatchObject({ kind: 'unreachable' });
    const second = await startEmbedded({ home, port: first.port, settings: { fsync: 'off' } });
    expect(await store.position('users')).toMatchObject({ cursor: '1', midway: true });
    expect((await finishFrom(store, 4)).gone).toBe(0);
    expect(await inventory(database)).toEqual({ rows: 200, ids: 200, gone: 0, changes: 0 });
    await database.close();
    await second.stop();
  } finally {
    await first.stop();
    rmSync(home, { recursive: true, force: true });
  }
});

test('a full disk is a Fault that says so, stores nothing of its page, and the run goes on after it', async () => {
  await using made = await testDatabase({ migrations: inventoryMigrations });
  const run = await tenantOf(made.database);
  const store = openRunStore(made.database, run);
  await store.begin('users');
  await store.save('users', 'accounts', [pageOf(0, 3)]);
  await made.database.system((tx) =>
    sql`create function full_disk() returns trigger language plpgsql as $$
      begin if new.id = '1-30' then raise exception 'planted' using errcode = '53100'; end if; return new; end $$`.execute(
      tx,
    ),
  );
  await made.database.system((tx) =>
    sql`create trigger full_disk before insert on accounts for each row execute function full_disk()`.execute(tx),
  );
  await expect(store.save('users', 'accounts', [pageOf(1, 3)])).rejects.toMatchObject({
    kind: 'unreachable',
    advice: expect.stringContaining('disk of the database is full'),
  });
  expect(await inventory(made.database)).toMatchObject({ rows: 50 });
  await made.database.system((tx) => sql`drop trigger full_disk on accounts`.execute(tx));
  await finishFrom(store, 3);
  expect(await inventory(made.database)).toEqual({ rows: 150, ids: 150, gone: 0, changes: 0 });
});
