import type { Migration } from '@gatehouse/database';

const fence = (table: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_of_tenant on ${table}
    using (tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid));`;

/** Tables of correlation. `accounts.identity_id` belongs to the inventory and is written only by correlation. */
export const migrations: readonly Migration[] = [
  {
    name: '0300-identities',
    sql: `
create table identities (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  identity_id uuid not null,
  kind text not null constraint identity_kind_is_known check (kind in ('human', 'service', 'system', 'agent', 'unknown')),
  name text not null,
  email text,
  department text,
  -- The highest True Privilege of its accounts, 0 none to 4 highest; null: undetermined.
  privilege smallint constraint identity_privilege_is_a_level check (privilege between 0 and 4),
  -- The weakest second factor among its privileged accounts, or among all when none is privileged.
  mfa_state text not null default 'unknown',
  last_active_at timestamptz,
  accounts integer not null,
  enabled_accounts integer not null,
  connections integer not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant_id, identity_id)
);
${fence('identities')}

-- Why an account belongs to its identity. An account that nothing else matched has no row.
create table identity_links (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  rule text not null,
  confidence real not null,
  own_value text not null,
  other_value text not null,
  other_connection_id uuid not null,
  other_stream text not null,
  other_id text not null,
  decision_id uuid,
  linked_at timestamptz not null,
  primary key (tenant_id, connection_id, stream, id)
);
${fence('identity_links')}

-- Links that a rule found and the evidence speaks against. Nothing is merged by them.
create table identity_conflicts (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  other_connection_id uuid not null,
  other_stream text not null,
  other_id text not null,
  rule text not null,
  own_value text not null,
  other_value text not null,
  why text not null,
  found_at timestamptz not null,
  primary key (tenant_id, connection_id, stream, id, other_connection_id, other_stream, other_id)
);
${fence('identity_conflicts')}
create index identity_conflicts_by_other on identity_conflicts (tenant_id, other_connection_id, other_stream, other_id);

create table suggestions (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  suggestion_id uuid not null,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  other_connection_id uuid not null,
  other_stream text not null,
  other_id text not null,
  rule text not null,
  confidence real not null,
  own_value text not null,
  other_value text not null,
  state text not null default 'open' constraint suggestion_state_is_known check (state in ('open', 'accepted', 'rejected')),
  suggested_at timestamptz not null,
  decided_at timestamptz,
  decided_by text,
  primary key (tenant_id, suggestion_id),
  constraint one_suggestion_per_pair unique (tenant_id, connection_id, stream, id, other_connection_id, other_stream, other_id)
);
${fence('suggestions')}
create index suggestions_by_other on suggestions (tenant_id, other_connection_id, other_stream, other_id);

-- Merges and splits by people. They outlive every read and every account they name.
create table decisions (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  decision_id uuid not null,
  kind text not null constraint decision_kind_is_known check (kind in ('merge', 'split')),
  decided_at timestamptz not null,
  decided_by text not null,
  reason text not null default '',
  undone_at timestamptz,
  undone_by text,
  primary key (tenant_id, decision_id)
);
${fence('decisions')}

-- part 0: merged, or split off together; part 1: what the split accounts were split from.
create table decision_accounts (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  decision_id uuid not null,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  part smallint not null constraint decision_part_is_known check (part in (0, 1)),
  label text not null,
  primary key (tenant_id, decision_id, connection_id, stream, id),
  foreign key (tenant_id, decision_id) references decisions (tenant_id, decision_id) on delete cascade
);
${fence('decision_accounts')}`,
  },
  // After every step that was there before it: an applied step is never preceded by a new one.
  {
    name: '0510-correlated-inputs',
    sql: `
-- A digest of what the last correlation of all accounts read. Where it is still the same, there is nothing to do.
create table correlated_inputs (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  inputs text not null,
  primary key (tenant_id)
);
${fence('correlated_inputs')}`,
  },
  {
    name: '0520-decisions-of-an-account',
    sql: `
create index decision_accounts_of_account on decision_accounts (tenant_id, connection_id, stream, id);`,
  },
];
