import type { Migration } from '@gatehouse/database';
import { recordTables } from './record-tables.ts';

/** What runs write: tenants (whose they are), records, their history, and where each stream stands. */
export const inventoryMigrations: readonly Migration[] = [
  {
    name: '0100-tenants',
    sql: `
      create table tenants (
        tenant_id uuid primary key,
        name text not null,
        owned_domains text[] not null default '{}',
        settings jsonb not null default '{}',
        is_sample boolean not null default false,
        created_at timestamptz not null default now()
      );
      alter table tenants enable row level security;
      create policy tenants_fence on tenants
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
  recordTables,
  {
    name: '0120-history',
    sql: `
      create table changes (
        tenant_id uuid not null references tenants (tenant_id),
        kind text not null,
        connection_id uuid not null,
        stream text not null,
        id text not null,
        change_id bigint not null generated always as identity,
        at timestamptz not null default now(),
        change text not null constraint changes_change check (change in ('added', 'changed', 'gone', 'returned')),
        -- { "displayName": { "before": "Ada", "after": "Ada L." } }
        fields jsonb not null default '{}',
        primary key (tenant_id, kind, connection_id, stream, id, change_id)
      );
      create index changes_newest on changes (tenant_id, at desc);
      alter table changes enable row level security;
      create policy changes_fence on changes
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
  {
    name: '0130-streams',
    sql: `
      create table stream_states (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        stream text not null,
        -- While midway: what follows the last committed page. Otherwise: where the next delta or event read starts.
        cursor text,
        midway boolean not null default false,
        generation integer not null default 0,
        -- Commits of this generation. Only the writer that knows the number may add one, so two can never interleave.
        pages integer not null default 0,
        full_read_at timestamptz,
        last_read_at timestamptz,
        records bigint not null default 0,
        health text constraint stream_states_health check (health in ('connected', 'warning', 'failed')),
        fault jsonb,
        next_read_at timestamptz,
        primary key (tenant_id, connection_id, stream)
      );
      alter table stream_states enable row level security;
      create policy stream_states_fence on stream_states
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);

      -- Which records the open generation has seen, a row for each committed page: ranges of seq, a byte or two a record.
      create table seen_pages (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        stream text not null,
        page integer not null,
        ranges bytea not null,
        primary key (tenant_id, connection_id, stream, page)
      );
      alter table seen_pages enable row level security;
      create policy seen_pages_fence on seen_pages
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
];
