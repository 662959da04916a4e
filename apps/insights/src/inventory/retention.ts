import type { Database } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';

const batch = 5_000;

/** As tenants keep it, or what holds until they do. */
const Stored = z.object({ eventRetentionDays: z.number().int().min(0).max(3_650).catch(180) });

/**
 * Deletes events older than their tenant keeps them, in every tenant, a bounded number at a time. 0 days: for ever. Those
 * that are gone are forgotten sooner (purge.ts).
 */
export const endRetention = async (database: Database, clock: Clock, signal: AbortSignal): Promise<void> => {
  const tenants = await database.system(async (tx) => {
    const { rows } = await sql<{ tenantId: TenantId; settings: unknown }>`
      select tenant_id as "tenantId", settings from tenants where deleted_at is null`.execute(tx);
    return rows;
  });
  for (const { tenantId, settings } of tenants) {
    const { eventRetentionDays } = Stored.parse(settings ?? {});
    if (eventRetentionDays === 0) continue;
    const before = new Date(clock.now().getTime() - eventRetentionDays * 86_400_000);
    // Apart, because each has an index of its own: what has no time is as old as our knowledge of it.
    for (const isOld of [
      sql`gone_at is null and time < ${before}`,
      sql`gone_at is null and time is null and first_seen_at < ${before}`,
    ]) {
      while (!signal.aborted && (await deleteBatch(database, tenantId, isOld)) === batch);
    }
  }
};

/** The numbers of records that lists of connections show go down with it. */
const deleteBatch = (database: Database, tenantId: TenantId, isOld: RawBuilder<unknown>): Promise<number> =>
  database.tenant(tenantId, async (tx) => {
    const { rows } = await sql<{ count: number }>`
      with ended as (
        delete from events where tenant_id = ${tenantId} and ctid = any(array(
          select ctid from events where tenant_id = ${tenantId} and ${isOld} limit ${batch}))
        returning connection_id, stream, id
      ), history as (
        delete from changes c using ended e
        where c.tenant_id = ${tenantId} and c.kind = 'events' and c.connection_id = e.connection_id
          and c.stream = e.stream and c.id = e.id
      ), counted as (
        update stream_states s set records = greatest(0, s.records - e.count)
        from (select connection_id, stream, count(*) as count from ended group by 1, 2) e
        where s.tenant_id = ${tenantId} and s.connection_id = e.connection_id and s.stream = e.stream
      )
      select count(*)::int as count from ended`.execute(tx);
    return rows[0]?.count ?? 0;
  });
