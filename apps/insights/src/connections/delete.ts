import { recordKinds } from '@gatehouse/connector-kit';
import type { Database } from '@gatehouse/database';
import type { Clock, ConnectionId, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { AfterRead } from '../runs/index.ts';

export interface DeleteParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly afterRead: readonly AfterRead[];
}

/** Rows of one statement: short enough that nobody waits for its locks. */
const batch = 5_000;

/** Everything that belongs to a connection, its own row last. Findings follow from the steps after reading. */
const tables = [
  ...[...recordKinds, 'changes', 'seen_pages', 'stream_states', 'inbox', 'stream_places', 'installation_keys'],
  ...['activities', 'runs'],
];

/**
 * Deletes what deleted connections left behind, then lets identities, privilege and findings be worked out anew.
 * Stops at the signal and goes on the next time; two processes at once do each other's work, not harm.
 */
export const deleteLeftovers = async (parts: DeleteParts, signal: AbortSignal): Promise<number> => {
  const { database, clock, afterRead } = parts;
  const deleted = await listDeleted(database);
  for (const { tenantId, connectionId } of deleted) {
    if (await isRunning(database, tenantId, connectionId)) continue;
    for (const table of tables) {
      while (!signal.aborted && (await deleteBatch(database, tenantId, connectionId, table)) === batch);
    }
    if (signal.aborted) return deleted.length;
    for (const step of afterRead) await step.run(database, tenantId, { signal, clock, runId: null });
    await database.tenant(tenantId, (tx) =>
      sql`delete from connections where tenant_id = ${tenantId} and connection_id = ${connectionId}
        and deleted_at is not null`.execute(tx),
    );
  }
  return deleted.length;
};

const listDeleted = (database: Database) =>
  database.system(async (tx) => {
    const { rows } = await sql<{ tenantId: TenantId; connectionId: ConnectionId }>`
      select tenant_id as "tenantId", connection_id as "connectionId" from connections
      where deleted_at is not null order by deleted_at limit 20`.execute(tx);
    return rows;
  });

/** A run that still writes is cancelled first; its worker sees that within seconds. */
const isRunning = (database: Database, tenantId: TenantId, connectionId: ConnectionId) =>
  database.tenant(tenantId, async (tx) => {
    const { rows } = await sql`
      update runs set cancel_asked_at = coalesce(cancel_asked_at, now())
      where tenant_id = ${tenantId} and connection_id = ${connectionId} and state = 'running'
      returning run_id`.execute(tx);
    return rows.length > 0;
  });

const deleteBatch = (database: Database, tenantId: TenantId, connectionId: ConnectionId, table: string) =>
  database.tenant(tenantId, async (tx) => {
    const { numAffectedRows } = await sql`
      delete from ${sql.id(table)} where tenant_id = ${tenantId} and ctid = any(array(
        select ctid from ${sql.id(table)}
        where tenant_id = ${tenantId} and connection_id = ${connectionId} limit ${batch}))`.execute(tx);
    return Number(numAffectedRows ?? 0);
  });
