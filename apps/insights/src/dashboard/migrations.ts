import type { Migration } from '@gatehouse/database';

const fence = (table: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_of_tenant on ${table}
    using (tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid));`;

export const migrations: readonly Migration[] = [
  {
    name: '0450-dashboard',
    sql: `
-- Counts over the inventory as the last evaluation left it, because counting a million rows for every view is slow.
create table dashboard_counts (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  identities integer not null,
  accounts integer not null,
  dormant integer not null,
  privileged integer not null,
  privileged_without_strong_mfa integer not null,
  -- Filters of the lists count from here, so that list and number agree.
  dormant_before timestamptz not null,
  counted_at timestamptz not null,
  primary key (tenant_id)
);
${fence('dashboard_counts')}

-- Open findings at the end of each day, by severity.
create table finding_days (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  day date not null,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  primary key (tenant_id, day)
);
${fence('finding_days')}`,
  },
];
