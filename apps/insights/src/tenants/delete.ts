import type { Database } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import type { Log } from '@gatehouse/server';
import { sql } from 'kysely';

/** Rows of one statement: short enough that nobody waits for its locks. */
const batch = 5_000;

/**
 * Deletes every row of the tenants that were deleted, its audit included; that it was deleted stays in the audit of the
 * program. Goes on where it stopped. Runs as the owner, because an audit is not a tenant's to delete.
 */
export const deleteTenants = async (database: Database, log: Log, signal: AbortSignal): Promise<number> => {
  const deleted = await database.system(async (tx) => {
    const { rows } = await sql<{ tenantId: TenantId }>`
      select tenant_id as "tenantId" from tenants where deleted_at is not null order by deleted_at limit 20`.execute(
      tx,
    );
    return rows;
  });
  for (const { tenantId } of deleted) await deleteTenant(database, log, tenantId, signal);
  return deleted.length;
};

const deleteTenant = async (database: Database, log: Log, tenantId: TenantId, signal: AbortSignal): Promise<void> => {
  for (const table of await tenantTables(database)) {
    for (;;) {
      if (signal.aborted) return;
      const count = await database.system(async (tx) => {
        const { numAffectedRows } = await sql`
          delete from ${sql.id(table)} where tenant_id = ${tenantId} and ctid = any(array(
            select ctid from ${sql.id(table)} where tenant_id = ${tenantId} limit ${batch}))`.execute(tx);
        return Number(numAffectedRows ?? 0);
      });
      if (count < batch) break;
    }
  }
  await database.system((tx) =>
    sql`delete from tenants where tenant_id = ${tenantId} and deleted_at is not null`.execute(tx),
  );
  log.info({ tenantId }, 'a tenant was deleted with everything in it');
};

/** Every table that belongs to tenants, asked of the catalogue so that none is forgotten. Runs last: workers see them. */
const tenantTables = (database: Database): Promise<readonly string[]> =>
  database.system(async (tx) => {
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'tenants'
      order by c.relname in ('connections', 'runs'), c.relname`.execute(tx);
    return rows.map(({ name }) => name);
  });
