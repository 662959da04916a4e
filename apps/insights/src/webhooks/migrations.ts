import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0230-webhooks',
    sql: `
      create table webhooks (
        tenant_id uuid not null references tenants (tenant_id),
        webhook_id uuid not null,
        name text not null,
        url text not null,
        events text[] not null,
        minimum_severity text not null
          constraint webhooks_severity check (minimum_severity in ('low', 'medium', 'high', 'critical')),
        enabled boolean not null,
        -- Sealed.
        secret text not null,
        created_at timestamptz not null,
        primary key (tenant_id, webhook_id)
      );
      alter table webhooks enable row level security;
      create policy webhooks_fence on webhooks
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);

      -- One message to one webhook: written in the transaction of what it tells, sent afterwards until it arrives.
      create table deliveries (
        tenant_id uuid not null references tenants (tenant_id),
        delivery_id uuid not null,
        webhook_id uuid not null,
        event text not null,
        payload jsonb not null,
        created_at timestamptz not null,
        attempt integer not null default 0,
        status integer,
        error text,
        attempted_at timestamptz,
        delivered_at timestamptz,
        -- Null: delivered, or given up.
        next_attempt_at timestamptz,
        primary key (tenant_id, delivery_id)
      );
      create index deliveries_of_webhook on deliveries (tenant_id, webhook_id, delivery_id desc);
      create index deliveries_due on deliveries (next_attempt_at) where next_attempt_at is not null;
      alter table deliveries enable row level security;
      create policy deliveries_fence on deliveries
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
    `,
  },
];
