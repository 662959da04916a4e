import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordKind } from '@gatehouse/connector-kit';
import type { Database, Embedded } from '@gatehouse/database';
import { lineFields } from '@gatehouse/insights/ingest';
import { type ConnectionId, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { startFake, sync } from './children.ts';
import { type Figure, median } from './figure.ts';
import { inFreshDatabase } from './fresh-database.ts';
import type { Size } from './sizes.ts';
import type { SyncResult } from './sync-worker.ts';

interface Round {
  readonly first: SyncResult;
  readonly second: SyncResult;
  readonly keyedMs: number;
  readonly unloggedMs: number;
  readonly walBytes: number;
}

/**
 * (a) The whole pipeline, from a vendor over HTTP into PostgreSQL, against COPY of the very rows it wrote. Each round
 * has a database of its own, so every read meets the same empty tables; a first round that is not counted warms
 * everything up and leaves the rows for the floor.
 */
export const measureSync = async (
  server: Embedded,
  scratch: string,
  { title, size, rounds }: { readonly title: string; readonly size: Size; readonly rounds: number },
  say: (text: string) => void,
): Promise<readonly Figure[]> => {
  const fake = await startFake(size);
  try {
    const measured: Round[] = [];
    for (let round = 0; round <= rounds; round++) {
      const one = await inFreshDatabase(server, (database, url) =>
        measureRound(database, url, fake.origin, scratch, size, round === 0),
      );
      say(`${title}: ${round === 0 ? 'warm-up' : `round ${round}`}: ${spoken(one)}`);
      if (round > 0) measured.push(one);
    }
    return figures(title, measured);
  } finally {
    fake.stop();
  }
};

const measureRound = async (
  database: Database,
  url: string,
  origin: string,
  scratch: string,
  size: Size,
  isFirst: boolean,
): Promise<Round> => {
  const tenantId = newId<TenantId>();
  await sql`insert into tenants (tenant_id, name) values (${tenantId}, 'Bench')`.execute(database.owner);
  const task = { url, origin, tenantId, connectionId: newId<ConnectionId>(), size };
  const kinds = Object.keys(size) as RecordKind[];

  const keyedMs = isFirst ? 0 : await floor(database, scratch, kinds, 'keyed');
  await settle(database);
  const first = await sync(task);
  if (isFirst) await keepRows(database, scratch, kinds);
  const unloggedMs = isFirst ? 0 : await floor(database, scratch, kinds, 'unlogged');
  // What autovacuum does to a table that was just filled, within a minute of it and long before it is read again.
  for (const kind of kinds) await sql.raw(`vacuum (analyze) ${kind}`).execute(database.owner);
  await settle(database);
  const before = await walPosition(database);
  const second = await sync(task);
  const walBytes = (await walPosition(database)) - before;
  const rows = Object.values(size).reduce((all, some) => all + some, 0);
  if (first.inserted !== rows || second.unchanged !== rows || second.written !== 0) {
    throw new Error(`Expected ${rows} records: ${JSON.stringify({ first, second })}`);
  }
  return { first, second, keyedMs, unloggedMs, walBytes };
};

/** The rows as COPY wants them, one file for each kind. */
const keepRows = async (database: Database, scratch: string, kinds: readonly RecordKind[]): Promise<void> => {
  for (const kind of kinds) {
    const file = await open(join(scratch, kind), 'w');
    await database.bulk(async (bulk) => {
      let batch: Buffer[] = [];
      for await (const chunk of bulk.copyOut(`copy ${kind} (${lineFields(kind).join(', ')}) to stdout`)) {
        batch.push(chunk);
        if (batch.length < 10_000) continue;
        await file.write(Buffer.concat(batch));
        batch = [];
      }
      await file.write(Buffer.concat(batch));
    });
    await file.close();
  }
};

/** COPY of the same rows: into the same table with its key, or into an unlogged table without one. */
const floor = async (
  database: Database,
  scratch: string,
  kinds: readonly RecordKind[],
  table: 'keyed' | 'unlogged',
): Promise<number> => {
  let ms = 0;
  for (const kind of kinds) {
    const key = table === 'keyed' ? ', primary key (tenant_id, connection_id, stream, id)' : '';
    await sql
      .raw(
        `create ${table === 'keyed' ? '' : 'unlogged'} table floor (like ${kind} including defaults including storage${key})`,
      )
      .execute(database.owner);
    await settle(database);
    const started = performance.now();
    await database.bulk((bulk) =>
      bulk.copyIn(
        `copy floor (${lineFields(kind).join(', ')}) from stdin`,
        createReadStream(join(scratch, kind), { highWaterMark: 1 << 20 }),
      ),
    );
    ms += performance.now() - started;
    await sql`drop table floor`.execute(database.owner);
  }
  return ms;
};

const settle = (database: Database) => sql`checkpoint`.execute(database.owner);

const walPosition = async (database: Database): Promise<number> => {
  const { rows } = await sql<{ at: number }>`select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint as at`.execute(
    database.owner,
  );
  return rows[0]?.at ?? 0;
};

const spoken = ({ first, second, keyedMs, unloggedMs, walBytes }: Round) =>
  `first ${Math.round(first.ms)} ms, ${Math.round(first.cpuMs)} of them the worker's (floor ${Math.round(keyedMs)}), ` +
  `second ${Math.round(second.ms)} ms, ${Math.round(second.cpuMs)} the worker's (floor ${Math.round(unloggedMs)}), ` +
  `${(walBytes / 1e6).toFixed(2)} MB of WAL, ${Math.round(Math.max(first.peakMiB, second.peakMiB))} MiB`;

const figures = (title: string, rounds: readonly Round[]): readonly Figure[] => [
  {
    name: `first read of ${title}`,
    ours: median(rounds.map(({ first }) => first.ms)),
    unit: 'ms',
    floor: {
      name: 'COPY into the same table with its key',
      value: median(rounds.map(({ keyedMs }) => keyedMs)),
      atMost: 2,
    },
    limit: null,
  },
  {
    name: `unchanged second read of ${title}`,
    ours: median(rounds.map(({ second }) => second.ms)),
    unit: 'ms',
    floor: {
      name: 'COPY into an unlogged table',
      value: median(rounds.map(({ unloggedMs }) => unloggedMs)),
      atMost: 2,
    },
    limit: null,
  },
  {
    name: `WAL of the unchanged second read of ${title}`,
    ours: median(rounds.map(({ walBytes }) => walBytes / 1e6)),
    unit: 'MB',
    floor: null,
    limit: 5,
  },
  {
    name: `memory of the worker at its peak, ${title}`,
    ours: Math.max(...rounds.map(({ first, second }) => Math.max(first.peakMiB, second.peakMiB))),
    unit: 'MiB',
    floor: null,
    limit: 512,
  },
];
