import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0220-runs',
    sql: `
      create table runs (
        tenant_id uuid not null references tenants (tenant_id),
        run_id uuid not null,
        connection_id uuid not null,
        reason text not null
          constraint runs_reason check (reason in ('schedule', 'manual', 'created', 'settings', 'resume')),
        state text not null
          constraint runs_state check (state in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
        stage text not null
          constraint runs_stage check (stage in ('reading', 'correlating', 'evaluating', 'done')),
        -- What every stream of the run has done so far; the order is the order of reading.
        streams jsonb not null,
        rate double precision not null default 0,
        seconds_left double precision,
        waiting jsonb,
        fault jsonb,
        queued_at timestamptz not null,
        -- Not taken by a worker before this time.
        not_before timestamptz not null,
        started_at timestamptz,
        ended_at timestamptz,
        cancel_asked_at timestamptz,
        -- The process that performs it proves every few seconds that it lives; another may take over when it does not.
        worker uuid,
        alive_at timestamptz,
        -- How often a process took it up. A run that kills every process must not do so for ever.
        taken integer not null default 0,
        -- Counts every change, so that whoever watches sees what is new.
        version bigint not null default 0,
        primary key (tenant_id, run_id)
      );
      create unique index runs_one_under_way on runs (tenant_id, connection_id) where state = 'running';
      create unique index runs_one_queued on runs (tenant_id, connection_id) where state = 'queued';
      create index runs_of_connection on runs (tenant_id, connection_id, run_id desc);
      -- Workers look for work over all tenants.
      create index runs_to_take on runs (not_before) where state in ('queued', 'running');
      alter table runs enable row level security;
      create policy runs_fence on runs
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
];
