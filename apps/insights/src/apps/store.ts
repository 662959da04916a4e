import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** A program of the Apps menu, and when it last answered or was read. */
export interface ActiveApp {
  readonly program: string;
  readonly name: string;
  readonly url: string;
  readonly lastActiveAt: Date;
}

/** Programs that the tenant of the transaction is connected to, by their connectors. */
export const listConnectedApps = async (tx: Sql, tenantId: TenantId, since: Date): Promise<readonly ActiveApp[]> => {
  const { rows } = await sql<ActiveApp>`
    select app ->> 'program' as program, app ->> 'name' as name, app ->> 'url' as url, max(read.at) as "lastActiveAt"
    from connections c join lateral (
      select max(s.last_read_at) as at from stream_states s
      where s.tenant_id = c.tenant_id and s.connection_id = c.connection_id
    ) read on read.at >= ${since}
    where c.tenant_id = ${tenantId} and c.app is not null and c.deleted_at is null
    group by 1, 2, 3 order by 2 limit 100`.execute(tx);
  return rows;
};

export const listActivity = async (system: Sql, since: Date): Promise<ReadonlyMap<string, Date>> => {
  const { rows } = await sql<{ url: string; at: Date }>`
    select url, last_active_at as at from app_activity where last_active_at >= ${since}`.execute(system);
  return new Map(rows.map(({ url, at }) => [url, at]));
};

export const saveActivity = async (system: Sql, url: string, at: Date): Promise<void> => {
  await sql`
    insert into app_activity (url, last_active_at) values (${url}, ${at})
    on conflict (url) do update set last_active_at = greatest(app_activity.last_active_at, excluded.last_active_at)`.execute(
    system,
  );
};
