import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { Thresholds } from '../rules/index.ts';

/** Filters of the account lists behind the tiles; the counts below say the same in SQL. A test compares them. */
export const tileFilters = {
  dormant: (before: Date) => ['status:eq:enabled', `lastActiveAt:lt:${before.toISOString()}`],
  privileged: ['status:eq:enabled', 'truePrivilege:in:high|highest'],
  privilegedWithoutStrongMfa: ['status:eq:enabled', 'truePrivilege:in:high|highest', 'mfaState:in:none|weak'],
} as const;

/** Counts what the tiles show, once after every evaluation. */
export const countInventory = async (tx: Sql, tenantId: TenantId, { now, dormantDays }: Thresholds): Promise<void> => {
  const dormantBefore = new Date(now.getTime() - dormantDays * 86_400_000);
  await sql`
    insert into dashboard_counts (tenant_id, identities, accounts, dormant, privileged, privileged_without_strong_mfa,
      dormant_before, counted_at)
    select ${tenantId}, (select count(*) from identities), count(*),
      count(*) filter (where status = 'enabled' and last_active_at < ${dormantBefore}),
      count(*) filter (where status = 'enabled' and true_privilege >= 3),
      count(*) filter (where status = 'enabled' and true_privilege >= 3 and mfa_state in ('none', 'weak')),
      ${dormantBefore}, ${now}
    from accounts where gone_at is null
    on conflict (tenant_id) do update set identities = excluded.identities, accounts = excluded.accounts,
      dormant = excluded.dormant, privileged = excluded.privileged,
      privileged_without_strong_mfa = excluded.privileged_without_strong_mfa, dormant_before = excluded.dormant_before,
      counted_at = excluded.counted_at`.execute(tx);
};

/** Counts again what a changed setting is about, where something was counted before. */
export const recountDormant = async (tx: Sql, now: Date, dormantDays: number): Promise<void> => {
  const dormantBefore = new Date(now.getTime() - dormantDays * 86_400_000);
  await sql`
    update dashboard_counts set dormant_before = ${dormantBefore}, counted_at = ${now}, dormant = (
      select count(*) from accounts
      where gone_at is null and status = 'enabled' and last_active_at < ${dormantBefore})`.execute(tx);
};

/** Open findings of the day as they are now; the last word of a day stays. */
export const recordDay = async (tx: Sql, tenantId: TenantId, now: Date): Promise<void> => {
  await sql`
    insert into finding_days (tenant_id, day, critical, high, medium, low)
    select ${tenantId}, (${now}::timestamptz at time zone 'UTC')::date, count(*) filter (where severity = 3),
      count(*) filter (where severity = 2), count(*) filter (where severity = 1), count(*) filter (where severity = 0)
    from findings where status in ('new', 'in_progress')
    on conflict (tenant_id, day) do update set critical = excluded.critical, high = excluded.high,
      medium = excluded.medium, low = excluded.low`.execute(tx);
};
