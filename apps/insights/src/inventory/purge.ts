import { recordKinds } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** What was not seen again for this long is forgotten, its history with it. */
const forgottenAfterMs = 15 * 86_400_000;
const batch = 5_000;

/** Deletes records that are gone for fifteen days, in every tenant, a bounded number at a time. */
export const purgeGone = async (database: Database, clock: Clock, signal: AbortSignal): Promise<void> => {
  const before = new Date(clock.now().getTime() - forgottenAfterMs);
  const tenants = await database.system(async (tx) => {
    const { rows } = await sql<{ tenantId: TenantId }>`
      select tenant_id as "tenantId" from tenants where deleted_at is null`.execute(tx);
    return rows;
  });
  for (const { tenantId } of tenants) {
    for (const kind of recordKinds) {
      while (!signal.aborted && (await purgeBatch(database, tenantId, kind, before)) === batch);
    }
  }
};

const purgeBatch = (database: Database, tenantId: TenantId, kind: string, before: Date): Promise<number> =>
  database.tenant(tenantId, async (tx) => {
    const { rows } = await sql<{ count: number }>`
      with forgotten as (
        delete from ${sql.table(kind)} where tenant_id = ${tenantId} and ctid = any(array(
          select ctid from ${sql.table(kind)}
          where tenant_id = ${tenantId} and gone_at is not null and gone_at < ${before} limit ${batch}))
        returning connection_id, stream, id
      ), history as (
        delete from changes c using forgotten f
        where c.tenant_id = ${tenantId} and c.kind = ${kind} and c.connection_id = f.connection_id
          and c.stream = f.stream and c.id = f.id
      )
      select count(*)::int as count from forgotten`.execute(tx);
    return rows[0]?.count ?? 0;
  });
