import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { openDatabase } from '../open-database.ts';
import { type KeepOptions, keepEmbedded } from './keep-embedded.ts';
import type { Embedded } from './start-embedded.ts';

const undo: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).toReversed()) await one();
});

/** Quick, and still every commit is kept when the server is killed. */
const settings = { fsync: 'off' };

/** A kept server, and what it told people. */
const keep = async (more: Partial<KeepOptions> = {}) => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-kept-'));
  chmodSync(home, 0o711);
  undo.push(() => rmSync(home, { recursive: true, force: true }));
  const told: string[] = [];
  let heard = Promise.withResolvers<void>();
  const onTrouble = (text: string) => {
    told.push(text);
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const server = await keepEmbedded({ home: join(home, 'home'), settings, onTrouble, ...more });
  undo.push(() => server.stop());
  const hear = async (count: number) => {
    while (told.length < count) await heard.promise;
    return told;
  };
  return { server, told, hear };
};
const pidFile = (server: Embedded) => join(server.folder, 'postmaster.pid');
const killPostmaster = (server: Embedded) =>
  process.kill(Number(readFileSync(pidFile(server), 'utf8').split('\n')[0]), 'SIGKILL');

test('a server that is killed runs again at the same address, and an open door works again', async () => {
  const { server, hear } = await keep({ pausesMs: [10] });
  const database = await openDatabase({
    url: await server.database('insights'),
    migrations: [{ name: '0001-n', sql: 'create table n (x int)' }],
  });
  undo.push(() => database.close());
  await database.system((tx) => sql`insert into n values (1)`.execute(tx));
  killPostmaster(server);
  expect(await hear(2)).toEqual([
    'The database was killed, as it happens when a machine runs out of memory. Starting it again …',
    'The database runs again.',
  ]);
  const { rows } = await database.system((tx) => sql`select x from n`.execute(tx));
  expect(rows).toEqual([{ x: 1 }]);
});

test('a server that ends again and again is given up with one sentence', async () => {
  const { server, hear, told } = await keep({ pausesMs: [10, 10] });
  for (let death = 1; death <= 2; death++) {
    killPostmaster(server);
    await hear(2 * death);
  }
  killPostmaster(server);
  expect(await server.ended).toMatch(/killed.* 3 times within five minutes.*--database-url/);
  expect(told).toHaveLength(4);
});

test('a server that cannot be started again is given up, too, and the sentence says why', async () => {
  const { server } = await keep({ pausesMs: [10, 10] });
  killPostmaster(server);
  writeFileSync(join(server.folder, 'global', 'pg_control'), 'damaged');
  expect(await server.ended).toContain(`The database in ${server.folder} does not start`);
});

test('a stop while it waits to start again leaves nothing running', async () => {
  const { server, hear, told } = await keep({ pausesMs: [60_000] });
  killPostmaster(server);
  await hear(1);
  await server.stop();
  expect(told).toHaveLength(1);
});
