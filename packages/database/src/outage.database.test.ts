import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { startEmbedded } from './embedded/start-embedded.ts';
import { openDatabase } from './open-database.ts';
import { careless } from './testing/global-setup.ts';
import { testDatabase } from './testing/index.ts';

test('while the database is away queries are Faults, and when it is back the same door works', async () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-outage-'));
  chmodSync(home, 0o711);
  const first = await startEmbedded({ home, settings: careless });
  const { port } = first;
  const database = await openDatabase({
    url: await first.database('insights'),
    migrations: [{ name: '0001-n', sql: 'create table n (x int)' }],
  });
  const insert = (x: number) => database.system((tx) => sql`insert into n values (${x})`.execute(tx));
  try {
    await insert(1);
    const midway = database.system(async (tx) => {
      await sql`insert into n values (2)`.execute(tx);
      await first.stop();
      await sql`insert into n values (3)`.execute(tx);
    });
    await expect(midway).rejects.toMatchObject({ name: 'Fault', kind: 'unreachable' });
    await expect(insert(4)).rejects.toBeInstanceOf(Fault);
    await expect(database.ready(2_000)).rejects.toThrow(/does not answer/);
    const second = await startEmbedded({ home, port, settings: careless });
    await insert(5);
    const { rows } = await database.system((tx) => sql`select x from n order by x`.execute(tx));
    expect(rows).toEqual([{ x: 1 }, { x: 5 }]);
    await database.close();
    await second.stop();
  } finally {
    await first.stop();
    rmSync(home, { recursive: true, force: true });
  }
});

test('a statement that takes too long is stopped and told', async () => {
  await using made = await testDatabase({ migrations: [] });
  const hasty = await openDatabase({ url: made.url, migrations: [], statementTimeoutMs: 50 });
  await expect(hasty.system((tx) => sql`select pg_sleep(30)`.execute(tx))).rejects.toMatchObject({
    name: 'Fault',
    advice: expect.stringContaining('took too long'),
  });
  await hasty.close();
});

test.each([
  ['53100', 'disk of the database is full'],
  ['40P01', 'at the same moment'],
  ['53300', 'no free connection'],
])('what the server means by %s is said in words', async (state, words) => {
  await using made = await testDatabase({ migrations: [] });
  const raise = made.database.system((tx) =>
    sql.raw(`do $$ begin raise exception 'planted' using errcode = '${state}'; end $$`).execute(tx),
  );
  await expect(raise).rejects.toMatchObject({ kind: 'unreachable', advice: expect.stringContaining(words) });
});

test('a copy that is broken off leaves nothing, and its connection is not used again', async () => {
  await using made = await testDatabase({
    migrations: [{ name: '0001-n', sql: 'create table n (x int)' }],
    poolSize: 1,
  });
  const broken = made.database.bulk((bulk) =>
    bulk.copyIn(
      'copy n from stdin',
      (function* () {
        yield Buffer.from('1\n2\n');
        throw new Error('the vendor hung up');
      })(),
    ),
  );
  await expect(broken).rejects.toThrow();
  const wrong = made.database.bulk((bulk) => bulk.copyIn('copy n from stdin', [Buffer.from('no number\n')]));
  await expect(wrong).rejects.toThrow();
  expect(await made.database.bulk((bulk) => bulk.copyIn('copy n from stdin', [Buffer.from('7\n')]))).toBe(1);
  const { rows } = await made.database.system((tx) => sql`select x from n`.execute(tx));
  expect(rows).toEqual([{ x: 7 }]);
});
