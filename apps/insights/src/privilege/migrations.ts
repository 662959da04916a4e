import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0350-privilege-paths',
    sql: `
-- The shortest certain way by which an account reaches more than its roles give it. Rewritten by every derivation,
-- only where it changed. steps: [{ edge, from, to, proof: [{ fact, value, kind, connection, stream, id }] }].
create table privilege_paths (
  tenant_id uuid not null references tenants (tenant_id) on delete cascade,
  connection_id uuid not null,
  stream text not null,
  id text not null,
  level smallint not null constraint path_level_is_a_level check (level between 1 and 4),
  length integer not null,
  first_edge text not null,
  target_kind text not null,
  target_connection_id uuid not null,
  target_stream text not null,
  target_id text not null,
  target_label text not null,
  -- How many things of the same level it reaches.
  targets integer not null,
  steps jsonb not null,
  primary key (tenant_id, connection_id, stream, id)
);
alter table privilege_paths enable row level security;
create policy privilege_paths_of_tenant on privilege_paths
  using (tenant_id = (select nullif(current_setting('gatehouse.tenant', true), '')::uuid));`,
  },
];
