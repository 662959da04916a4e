import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../open-database.ts';
import { careless } from '../testing/global-setup.ts';
import { makeSmallDisk, noSmallDisk } from '../testing/small-disk.ts';
import { type EmbeddedOptions, startEmbedded } from './start-embedded.ts';

const MiB = 2 ** 20;
const reason = noSmallDisk();
const title = (words: string) => `${words}${reason === null ? '' : ` (skipped: ${reason})`}`;

const until = async (isSo: () => boolean | Promise<boolean>) => {
  const end = Date.now() + 15_000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error('it did not happen within fifteen seconds');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

test.skipIf(reason !== null)(
  title(
    'a server whose disk is nearly full only reads and says so, also after a new start, and writes when there is room',
  ),
  async () => {
    const disk = makeSmallDisk(160 * MiB);
    const told: string[] = [];
    const options: EmbeddedOptions = {
      ...{ home: join(disk.folder, 'home'), settings: careless, leastRoomBytes: 32 * MiB },
      onTrouble: (text) => void told.push(text),
    };
    const ballast = join(disk.folder, 'ballast');
    let server = await startEmbedded(options);
    const database = await openDatabase({
      url: await server.database('insights'),
      migrations: [{ name: '0001-n', sql: 'create table n (x int)' }],
    });
    const insert = (x: number) => database.system((tx) => sql`insert into n values (${x})`.execute(tx));
    const kept = async () => (await database.system((tx) => sql`select x from n order by x`.execute(tx))).rows;
    try {
      await insert(1);
      expect(told).toEqual([]);
      writeFileSync(ballast, Buffer.alloc(160 * MiB - disk.usedBytes() - 8 * MiB));
      await until(() => told.length === 1);
      expect(told[0]).toMatch(
        /^The disk of .*postgres is full: \d MB are left, 32 MB must stay free\. Free some space/,
      );
      const refused = await insert(2).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Fault);
      expect(refused).toMatchObject({ kind: 'unreachable', advice: expect.stringContaining('its disk is full') });
      expect(await kept()).toEqual([{ x: 1 }]);

      const { port } = server;
      await server.stop();
      server = await startEmbedded({ ...options, port });
      await expect(insert(3)).rejects.toMatchObject({ advice: expect.stringContaining('its disk is full') });
      expect(await kept()).toEqual([{ x: 1 }]);

      rmSync(ballast);
      await until(() => told.at(-1) === 'There is room on the disk of the database again.');
      await insert(4);
      expect(await kept()).toEqual([{ x: 1 }, { x: 4 }]);

      writeFileSync(ballast, Buffer.alloc(160 * MiB - disk.usedBytes() - 8 * MiB));
      await until(() => told.at(-1)?.includes('is full') === true);
      await server.stop();
      rmSync(ballast);
      server = await startEmbedded({ ...options, port });
      await insert(5);
    } finally {
      await database.close();
      await server.stop();
      disk.close();
    }
  },
  60_000,
);

test.skipIf(reason !== null)(
  title('a statement that runs into the end of the disk says so, and the server goes on'),
  async () => {
    const disk = makeSmallDisk(100 * MiB);
    const server = await startEmbedded({ home: join(disk.folder, 'home'), settings: careless, leastRoomBytes: 0 });
    const database = await openDatabase({ url: await server.database('insights'), migrations: [] });
    try {
      const refused = await database
        .system((tx) =>
          sql`create unlogged table n as select i, md5(i::text) from generate_series(1, 3000000) i`.execute(tx),
        )
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({
        kind: 'unreachable',
        advice: expect.stringContaining('The disk of the database is full.'),
        detail: expect.stringContaining('53100'),
      });
      await database.system((tx) => sql`create table m (x int)`.execute(tx));
    } finally {
      await database.close();
      await server.stop();
      disk.close();
    }
  },
  60_000,
);

test.skipIf(reason !== null)(
  title('a server that stops at the last byte of its disk says why, and when there is room nothing is lost'),
  async () => {
    const disk = makeSmallDisk(130 * MiB);
    const options: EmbeddedOptions = { home: join(disk.folder, 'home'), leastRoomBytes: 0 };
    let server = await startEmbedded(options);
    const { port } = server;
    const database = await openDatabase({
      url: await server.database('insights'),
      migrations: [{ name: '0001-n', sql: 'create table n (x int)' }],
    });
    let written = 0;
    try {
      // Hardly anything but write-ahead log, the one thing without which PostgreSQL cannot go on.
      const write = async () => {
        for (; written < 200; written++) {
          await database.system(async (tx) => {
            await sql`insert into n values (${written})`.execute(tx);
            await sql`select pg_logical_emit_message(true, 'fill', repeat(md5(random()::text), 32768))`.execute(tx);
          });
        }
      };
      await expect(write()).rejects.toMatchObject({ kind: 'unreachable' });
      expect(written).toBeGreaterThan(0);
      const full = `the disk of ${server.folder} is full`;
      expect(await server.ended).toContain(full);
      const refused = await startEmbedded({ ...options, port }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ name: 'StartFault', message: expect.stringContaining(full) });
      expect(refused).toMatchObject({ message: expect.not.stringContaining('backup') });
      disk.resize(300 * MiB);
      server = await startEmbedded({ ...options, port });
      const { rows } = await database.system((tx) =>
        sql<object>`select count(*)::int as rows, max(x) as last from n`.execute(tx),
      );
      // The last one may have been committed without its answer arriving.
      expect([written, written + 1].map((count) => ({ rows: count, last: count - 1 }))).toContainEqual(rows[0]);
    } finally {
      await database.close();
      await server.stop();
      disk.close();
    }
  },
  60_000,
);
