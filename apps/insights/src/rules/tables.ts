import { recordKinds } from '@gatehouse/connector-kit';
import { type RawBuilder, sql } from 'kysely';

/** What a tenant sets for its rules. */
export interface Thresholds {
  readonly now: Date;
  readonly dormantDays: number;
  readonly maximumSuperAdmins: number;
}

const live = recordKinds
  .map((kind) => `${kind} as not materialized (select * from public.${kind} where gone_at is null)`)
  .join(',\n');

/** The tables that the SQL of a rule reads, before it: records that are not gone, and the tenant's thresholds. */
export const withTables = ({ now, dormantDays, maximumSuperAdmins }: Thresholds): RawBuilder<unknown> => sql`
  with settings as (
    select ${now}::timestamptz as now, ${dormantDays}::int as dormant_days, ${maximumSuperAdmins}::int as maximum_super_admins
  ), connections as not materialized (select * from public.connections where deleted_at is null),
  ${sql.raw(live)}`;
