import { recordKinds, records } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';

/** What a tenant sets for its rules. */
export interface Thresholds {
  readonly now: Date;
  readonly dormantDays: number;
  readonly maximumSuperAdmins: number;
}

/**
 * `live_accounts`: the accounts that are not gone, without the vendor's words. Most rules read all accounts, whose rows are
 * mostly those words, and through the fence of the tenant, where nothing but the primary key is an index for them.
 */
export const copyAccounts = async (tx: Sql): Promise<void> => {
  await sql`create temp table live_accounts on commit drop as
    select ${sql.raw(accountColumns.join(', '))}, ${sql.raw(words)} as raw from accounts where gone_at is null`.execute(
    tx,
  );
  await sql`create index on live_accounts (connection_id, id)`.execute(tx);
  await sql`create index on live_accounts (identity_id)`.execute(tx);
  await sql`create index on live_accounts (true_privilege)`.execute(tx);
  await sql`analyze live_accounts`.execute(tx);
};

/** The words of the vendor about an account that rules read. A test compares them with the rules. */
export const accountWords: readonly string[] = ['statusChanged'];
const words = `jsonb_build_object(${accountWords.map((word) => `'${word}', raw->'${word}'`).join(', ')})`;

const accountColumns: readonly string[] = [
  ...['connection_id', 'stream', 'id', 'first_seen_at', 'changed_at', 'identity_id', 'mfa_state'],
  ...['direct_privilege', 'effective_privilege', 'true_privilege', 'last_active_at'],
  ...Object.keys(records.accounts).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
];

const live = recordKinds
  .map((kind) =>
    kind === 'accounts'
      ? 'accounts as not materialized (select * from live_accounts)'
      : `${kind} as not materialized (select * from public.${kind} where gone_at is null)`,
  )
  .join(',\n');

/** The tables that the SQL of a rule reads, before it: records that are not gone, and the tenant's thresholds. */
export const withTables = ({ now, dormantDays, maximumSuperAdmins }: Thresholds): RawBuilder<unknown> => sql`
  with settings as (
    select ${now}::timestamptz as now, ${dormantDays}::int as dormant_days, ${maximumSuperAdmins}::int as maximum_super_admins
  ), connections as not materialized (select * from public.connections where deleted_at is null),
  ${sql.raw(live)}`;
