import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0210-connections',
    sql: `
      create table connections (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        connector text not null,
        name text not null,
        point text not null,
        -- As entered, every secret sealed on its own.
        settings jsonb not null,
        enabled boolean not null default true,
        caveats jsonb not null default '[]',
        -- The outcome of the newest check: null until one was made.
        check_health text constraint connections_check_health check (check_health in ('connected', 'warning', 'failed')),
        check_fault jsonb,
        checked_at timestamptz,
        -- What was last told to people and webhooks, so that only a change is told again.
        told_connectivity text,
        created_at timestamptz not null,
        changed_at timestamptz not null,
        last_activity_at timestamptz not null,
        -- { program, name, url } where the system is a program of the Apps menu.
        app jsonb,
        -- Set when somebody deletes the connection: it disappears at once, its records follow in batches.
        deleted_at timestamptz,
        primary key (tenant_id, connection_id)
      );
      alter table connections enable row level security;
      create policy connections_fence on connections
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);

      create table activities (
        tenant_id uuid not null references tenants (tenant_id),
        activity_id uuid not null,
        connection_id uuid not null,
        at timestamptz not null,
        kind text not null,
        title text not null,
        actor text,
        health text,
        stream text,
        fault jsonb,
        run_id uuid,
        primary key (tenant_id, activity_id)
      );
      create index activities_of_connection on activities (tenant_id, connection_id, activity_id desc);
      alter table activities enable row level security;
      create policy activities_fence on activities
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
];
