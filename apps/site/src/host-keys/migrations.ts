import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0309-host-keys',
    sql: `
      -- By which key an endpoint is known: the first one that it proved to have.
      create table host_keys (
        host_key_id uuid primary key,
        protocol text not null constraint host_keys_protocol check (protocol in ('ssh', 'rdp', 'vnc')),
        endpoint text not null,
        fingerprint text not null,
        first_seen_at timestamptz not null default now(),
        last_seen_at timestamptz not null default now()
      );
      create unique index host_keys__endpoint_is_unique on host_keys (protocol, endpoint);`,
  },
];
