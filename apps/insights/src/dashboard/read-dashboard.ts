import { privileges } from '@gatehouse/connector-kit';
import type { Sql } from '@gatehouse/database';
import type { TenantId } from '@gatehouse/kernel';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { Dashboard } from '../api/findings.ts';
import { pages } from '../api/pages.ts';
import { connectivityOf, listConnections, signsOf } from '../connections/index.ts';
import { dormantDaysOf } from '../tenants/index.ts';
import { readChanges } from './changes.ts';
import { tileFilters } from './snapshot.ts';

type Shown = z.input<typeof Dashboard>;

interface Counts {
  readonly identities: number;
  readonly accounts: number;
  readonly dormant: number;
  readonly privileged: number;
  readonly privilegedWithoutStrongMfa: number;
  readonly dormantBefore: Date;
  readonly dormantDays: number;
}

/** `connectorName`: what a kind of system is called. */
export const readDashboard = async (
  tx: Sql,
  tenantId: TenantId,
  { now, connectorName }: { readonly now: Date; readonly connectorName: (id: string) => string },
): Promise<Shown> => {
  const counts = await readCounts(tx, now);
  const { open, accepted, blind } = await countFindings(tx);
  const accounts = (value: number, filters: readonly string[]) => ({
    value,
    href: pages.inventory(tenantId, 'accounts', filters),
  });
  return {
    identities: { value: counts.identities, href: pages.inventory(tenantId, 'identities') },
    accounts: accounts(counts.accounts, []),
    dormant: {
      ...accounts(counts.dormant, tileFilters.dormant(counts.dormantBefore)),
      days: counts.dormantDays,
    },
    privileged: accounts(counts.privileged, tileFilters.privileged),
    privilegedWithoutStrongMfa: accounts(counts.privilegedWithoutStrongMfa, tileFilters.privilegedWithoutStrongMfa),
    openFindings: { value: open, href: pages.findings(tenantId, { status: 'new,in_progress' }) },
    acceptedFindings: { value: accepted, href: pages.findings(tenantId, { status: 'accepted' }) },
    blindRules: { value: blind, href: `${pages.recommendations(tenantId)}?state=blind` },
    findingsOverTime: await readDays(tx, now),
    topIdentities: await readTop(tx, tenantId),
    connections: (await listConnections(tx, tenantId)).map((connection) => ({
      connectionId: connection.connectionId,
      name: connection.name,
      connectorName: connectorName(connection.connector),
      connectivity: connectivityOf(signsOf(connection)),
      lastUpdateAt: newest(connection.streams.map(({ lastReadAt }) => lastReadAt)),
      href: pages.connection(tenantId, connection.connectionId),
    })),
    changes: await readChanges(tx, tenantId),
  };
};

const readCounts = async (tx: Sql, now: Date): Promise<Counts> => {
  const { rows } = await sql<Counts>`
    select identities, accounts, dormant, privileged, privileged_without_strong_mfa as "privilegedWithoutStrongMfa",
      dormant_before as "dormantBefore",
      round(extract(epoch from counted_at - dormant_before) / 86400)::int as "dormantDays" from dashboard_counts`.execute(
    tx,
  );
  return (
    rows[0] ?? {
      identities: 0,
      accounts: 0,
      dormant: 0,
      privileged: 0,
      privilegedWithoutStrongMfa: 0,
      dormantBefore: now,
      dormantDays: await readDormantDays(tx),
    }
  );
};

const readDormantDays = async (tx: Sql): Promise<number> => {
  const { rows } = await sql<{ settings: unknown }>`select settings from tenants`.execute(tx);
  return dormantDaysOf(rows[0]?.settings);
};

const countFindings = async (tx: Sql) => {
  const { rows } = await sql<{ open: number; accepted: number; blind: number }>`
    select (select count(*)::int from findings where status in ('new', 'in_progress')) as open,
      (select count(*)::int from findings where status = 'accepted') as accepted,
      (select count(distinct rule_id)::int from rule_states where state = 'blind') as blind`.execute(tx);
  return rows[0] ?? { open: 0, accepted: 0, blind: 0 };
};

/** The last ninety days from the first one on; a day without an evaluation is as the day before. */
const readDays = async (tx: Sql, now: Date): Promise<Shown['findingsOverTime']> => {
  const { rows } = await sql<{ day: string; critical: number; high: number; medium: number; low: number }>`
    with days as (
      select generate_series(greatest((${now}::timestamptz at time zone 'UTC')::date - 89, min(day)),
        (${now}::timestamptz at time zone 'UTC')::date, interval '1 day')::date as day
      from finding_days
    )
    select to_char(d.day, 'YYYY-MM-DD') as day, f.critical, f.high, f.medium, f.low
    from days d cross join lateral (
      select * from finding_days f where f.day <= d.day order by f.day desc limit 1) f
    order by d.day`.execute(tx);
  return rows;
};

/** Those with the most privilege among the ones with open findings, then the most privileged. */
const readTop = async (tx: Sql, tenantId: TenantId): Promise<Shown['topIdentities']> => {
  const { rows } = await sql<{
    identityId: string;
    name: string;
    accounts: number;
    privilege: number | null;
    findings: number;
  }>`
    with troubled as (
      select a.identity_id, count(*)::int as findings
      from findings f join accounts a on a.connection_id = f.connection_id and a.stream = f.subject_stream and a.id = f.subject_id
      where f.status in ('new', 'in_progress') and f.subject_kind = 'accounts' and a.identity_id is not null
      group by a.identity_id
    ), candidates as (
      select identity_id from troubled
      union
      (select identity_id from identities where privilege >= 3 order by privilege desc, identity_id limit 5)
    )
    select i.identity_id::text as "identityId", i.name, i.accounts, i.privilege, coalesce(t.findings, 0) as findings
    from candidates join identities i using (identity_id) left join troubled t using (identity_id)
    order by i.privilege desc nulls last, findings desc, i.accounts desc, i.name, i.identity_id limit 5`.execute(tx);
  return rows.map(({ privilege, ...row }) => ({
    ...row,
    privilege: privilege === null ? 'undetermined' : (privileges[privilege] ?? 'undetermined'),
    href: pages.identity(tenantId, row.identityId),
  }));
};

const newest = (times: readonly (Date | null)[]): string | null =>
  times
    .flatMap((time) => (time ? [time.toISOString()] : []))
    .toSorted()
    .at(-1) ?? null;
