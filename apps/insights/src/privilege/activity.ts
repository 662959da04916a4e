import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';

/** Events may be committed a little out of the order of their numbers, so the newest are counted again. */
const overlap = 100_000;

/** `account_activity`: the newest event of every account that acted since the last derivation. */
export const readActivity = async (tx: Sql, tenantId: TenantId): Promise<void> => {
  const marked = await sql<{ seq: number }>`select seq from activity_marks`.execute(tx);
  const from = Math.max(0, (marked.rows[0]?.seq ?? 0) - overlap);
  await sql`create temp table account_activity on commit drop as
    select connection_id, actor_id as id, max(time) as at from events
    where tenant_id = ${tenantId} and seq > ${from} and actor_id is not null and coalesce(outcome, 'unknown') <> 'failure'
    group by connection_id, actor_id`.execute(tx);
  await sql`analyze account_activity`.execute(tx);
  await sql`
    insert into activity_marks as m (tenant_id, seq)
    select ${tenantId}, max(seq) from events where tenant_id = ${tenantId} having max(seq) is not null
    on conflict (tenant_id) do update set seq = excluded.seq where m.seq <> excluded.seq`.execute(tx);
};
