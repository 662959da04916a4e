import type { Database } from '@gatehouse/database';
import type { Clock, TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import { silentMs } from './health.ts';
import { type SettleParts, settleCollector } from './settle.ts';

export interface WatchParts extends SettleParts {
  readonly database: Database;
  readonly clock: Clock;
}

/** Collectors of which nothing was heard for a while, whose connections do not show it yet. Run every minute. */
export const watchCollectors = async (parts: WatchParts, signal: AbortSignal): Promise<number> => {
  const { database, clock } = parts;
  const silent = await database.system((tx) => listSilent(tx, clock.now()));
  for (const { tenantId, connectionId } of silent) {
    if (signal.aborted) break;
    await database.tenant(tenantId, (tx) => settleCollector(tx, tenantId, connectionId, clock.now(), parts));
  }
  return silent.length;
};

const listSilent = async (system: Parameters<Parameters<Database['system']>[0]>[0], now: Date) => {
  const [warning, failed] = [silentMs.warning, silentMs.failed].map((ms) => new Date(now.getTime() - ms));
  const { rows } = await sql<{ tenantId: TenantId; connectionId: string }>`
    select k.tenant_id as "tenantId", k.connection_id as "connectionId" from collectors k
    join connections c on c.tenant_id = k.tenant_id and c.connection_id = k.connection_id
    where k.registered_at is not null and k.removed_at is null and c.deleted_at is null
      and ((k.last_contact_at <= ${failed} and c.check_health is distinct from 'failed')
        or (k.last_contact_at <= ${warning} and coalesce(c.check_health, 'connected') = 'connected'))
    limit 1000`.execute(system);
  return rows;
};
