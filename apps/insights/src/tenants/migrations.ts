import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0200-tenant-people',
    sql: `
      create table tenant_people (
        tenant_id uuid not null references tenants (tenant_id),
        person_id text not null,
        role text not null constraint tenant_people_role check (role in ('reader', 'analyst', 'administrator')),
        added_at timestamptz not null default now(),
        primary key (tenant_id, person_id)
      );
      create index tenant_people_of_person on tenant_people (person_id);
      alter table tenant_people enable row level security;
      create policy tenant_people_fence on tenant_people
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);

      -- Set when somebody deletes the tenant: it disappears at once, its rows follow in batches.
      alter table tenants add column if not exists deleted_at timestamptz;
    `,
  },
];
