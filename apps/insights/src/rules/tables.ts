import { type RecordKind, recordKinds, records } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import { type RawBuilder, sql } from 'kysely';
import { isBroad } from './directory.ts';

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

/** `live_memberships`: the memberships that are not gone, without the vendor's words, by group and by member. */
export const copyMemberships = async (tx: Sql): Promise<void> => {
  await sql`create temp table live_memberships on commit drop as
    select connection_id, stream, id, ${sql.raw(columnsOf('memberships').join(', '))} from memberships where gone_at is null`.execute(
    tx,
  );
  await sql`create index on live_memberships (connection_id, group_id)`.execute(tx);
  await sql`create index on live_memberships (connection_id, member_id)`.execute(tx);
  await sql`analyze live_memberships`.execute(tx);
};

/** The words of the vendor about an account that rules read. A test compares them with the rules. */
export const accountWords: readonly string[] = [
  'statusChanged',
  'decoded',
  'servicePrincipalName',
  'msDS-SupportedEncryptionTypes',
  'msDS-AllowedToDelegateTo',
  'dNSHostName',
  'cn',
  'operatingSystem',
  'ms-Mcs-AdmPwdExpirationTime',
  'msLAPS-PasswordExpirationTime',
  'sIDHistory',
  'keys',
  'sAMAccountName',
  'msDS-RevealOnDemandGroup',
  'altSecurityIdentities',
];
const words = `jsonb_build_object(${accountWords.map((word) => `'${word}', raw->'${word}'`).join(', ')})`;

/**
 * `tier_zero`: principals that hold the highest privilege by a role, by themselves or through groups inside groups, by
 * connection, kind and id; of a directory also SELF and CREATOR OWNER, which stand for an object that has its rights anyway.
 */
export const copyTierZero = async (tx: Sql): Promise<void> => {
  await sql`create temp table tier_zero on commit drop as
    with recursive held as (
      select g.connection_id, g.principal_kind as kind, g.principal_id as id from grants g
      where g.gone_at is null and g.privilege = 'highest' and coalesce(g.state, 'active') = 'active'
      union
      select h.connection_id, m.member_kind, m.member_id from held h
        join live_memberships m on m.connection_id = h.connection_id and m.group_id = h.id
      where h.kind = 'group' and ${sql.raw(isSomebody('h.id'))}
    )
    select connection_id, kind, id from held where id is not null and ${sql.raw(isSomebody('id'))}
    union
    select c.connection_id, 'group', natural_sid from connections c
      cross join unnest(array['S-1-5-10', 'S-1-3-0']) natural_sid
    where c.connector = 'insights-collector' and c.deleted_at is null`.execute(tx);
  await sql`create index on tier_zero (id)`.execute(tx);
  await sql`analyze tier_zero`.execute(tx);
};

/** Everybody in a privileged group makes nobody of them an administrator to be trusted: what they may do is still worth telling. */
const isSomebody = (id: string) => `not ${isBroad(id)}`;

/** The columns of a kind by their names in the database, without those that every kind has. */
function columnsOf(kind: 'accounts' | 'memberships'): readonly string[] {
  return Object.keys(records[kind]).map((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

const accountColumns: readonly string[] = [
  ...['connection_id', 'stream', 'id', 'first_seen_at', 'changed_at', 'identity_id', 'mfa_state'],
  ...['direct_privilege', 'effective_privilege', 'true_privilege', 'last_active_at'],
  ...columnsOf('accounts'),
];

const copied: ReadonlySet<RecordKind> = new Set(['accounts', 'memberships']);

const live = recordKinds
  .map((kind) =>
    copied.has(kind)
      ? `${kind} as not materialized (select * from live_${kind})`
      : `${kind} as not materialized (select * from public.${kind} where gone_at is null)`,
  )
  .join(',\n');

/** The tables that the SQL of a rule reads, before it: records that are not gone, and the tenant's thresholds. */
export const withTables = ({ now, dormantDays, maximumSuperAdmins }: Thresholds): RawBuilder<unknown> => sql`
  with settings as (
    select ${now}::timestamptz as now, ${dormantDays}::int as dormant_days, ${maximumSuperAdmins}::int as maximum_super_admins
  ), connections as not materialized (select * from public.connections where deleted_at is null),
  ${sql.raw(live)}`;
