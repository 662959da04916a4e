import { testDatabase } from '@gatehouse/database/testing';
import { type Clock, type ConnectionId, newId, type TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrations } from '../migrations.ts';
import { endRetention } from './retention.ts';

let host: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  host = await testDatabase({ migrations });
});
afterAll(() => host.close());

const now = new Date('2026-06-01T12:00:00Z');
const clock: Clock = { now: () => now, sleep: async () => undefined };

/** A tenant whose log has an event of every age in days; null has no time and was first seen 100 days ago. */
const tenant = async (settings: object, ages: readonly (number | null)[]) => {
  const [tenantId, connectionId] = [newId<TenantId>(), newId<ConnectionId>()];
  await host.database.system(async (tx) => {
    await sql`insert into tenants (tenant_id, name, settings) values (${tenantId}, 'T', ${JSON.stringify(settings)}::jsonb)`.execute(
      tx,
    );
    await sql`insert into stream_states (tenant_id, connection_id, stream, records)
      values (${tenantId}, ${connectionId}, 'log', ${ages.length}), (${tenantId}, ${connectionId}, 'users', 7)`.execute(
      tx,
    );
    await sql`insert into events (tenant_id, connection_id, stream, id, time, first_seen_at, hash, raw)
      select ${tenantId}, ${connectionId}, 'log', n::text, ${now}::timestamptz - make_interval(days => age),
        ${now}::timestamptz - interval '100 days', decode(md5(n::text), 'hex'), '{}'
      from unnest(${[...ages]}::int[]) with ordinality as given (age, n)`.execute(tx);
  });
  const ids = async () => {
    const { rows } = await host.database.tenant(tenantId, (tx) =>
      sql<{ id: string }>`select id from events order by id::int`.execute(tx),
    );
    return rows.map(({ id }) => id);
  };
  const counts = async () => {
    const { rows } = await host.database.tenant(tenantId, (tx) =>
      sql<{ records: number }>`select records from stream_states order by stream`.execute(tx),
    );
    return rows.map(({ records }) => records);
  };
  return { ids, counts };
};
const end = () => endRetention(host.database, clock, new AbortController().signal);

test('each tenant keeps its events as long as it says: 180 days by default, 0 for ever', async () => {
  const ages = [0, 29, 31, 179, 181, 4_000, null];
  const [silent, short, forEver, odd] = [
    await tenant({}, ages),
    await tenant({ eventRetentionDays: 30 }, ages),
    await tenant({ eventRetentionDays: 0 }, ages),
    await tenant({ eventRetentionDays: 'soon' }, ages),
  ];
  await end();
  expect(await silent.ids()).toEqual(['1', '2', '3', '4', '7']);
  expect(await short.ids()).toEqual(['1', '2']);
  expect(await forEver.ids()).toHaveLength(ages.length);
  expect(await odd.ids()).toEqual(['1', '2', '3', '4', '7']);
  expect(await silent.counts()).toEqual([5, 7]);
  expect(await short.counts()).toEqual([2, 7]);
  await end();
  expect(await short.counts()).toEqual([2, 7]);
});

test('more than one batch goes in one turn, through an index', async () => {
  const many = await tenant({}, [...Array.from({ length: 12_000 }, () => 200), 1]);
  await end();
  expect(await many.ids()).toEqual(['12001']);
  expect(await many.counts()).toEqual([1, 7]);
  const { rows } = await host.database.system(async (tx) => {
    await sql`set local enable_seqscan = off`.execute(tx);
    return await sql<{ 'QUERY PLAN': string }>`explain select ctid from events
      where tenant_id = ${newId<string>()} and gone_at is null and time is null and first_seen_at < now() limit 5000`.execute(
      tx,
    );
  });
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('events_without_time');
});
