import type { Migration } from '@gatehouse/database';

const fence = (table: string) => `
  alter table ${table} enable row level security;
  create policy ${table}_of_tenant on ${table}
    using (tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid));`;

export const migrations: readonly Migration[] = [
  {
    name: '0350-privilege-paths',
    sql: `
-- The shortest certain way by which an account reaches more than its roles give it. Written by every derivation, only
-- where it changed. steps: [{ edge, title, from, to, proof: [{ fact, value, kind, connection, stream, id }] }].
create table privilege_paths (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  -- What the path reaches: 0 none to 4 highest.
  level smallint not null constraint path_level_is_a_level check (level between 1 and 4),
  length integer not null,
  first_edge text not null,
  target_kind text not null,
  target_connection_id uuid not null,
  target_stream text not null,
  target_id text not null,
  target_label text not null,
  -- How many things of that level it reaches.
  targets integer not null,
  -- Every step stays with one person: their own account elsewhere.
  within_identity boolean not null,
  steps jsonb not null,
  primary key (tenant_id, connection_id, stream, id)
);
${fence('privilege_paths')}

-- Up to where events have been counted as activity.
create table activity_marks (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  seq bigint not null,
  primary key (tenant_id)
);
${fence('activity_marks')}`,
  },
];
