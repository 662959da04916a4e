import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0311-audit-receivers',
    sql: `
      -- Receivers of syslog that get every entry of the audit.
      create table audit_receivers (
        receiver_id uuid primary key,
        name text not null,
        transport text not null constraint audit_receivers_transport check (transport in ('udp', 'tcp', 'tls')),
        host text not null,
        port integer not null constraint audit_receivers_port check (port between 1 and 65535),
        format text not null constraint audit_receivers_format check (format in ('syslog', 'cef', 'json')),
        certificate_authorities text,
        enabled boolean not null,
        -- The newest entry that it has.
        acknowledged_seq bigint not null,
        acknowledged_at timestamptz,
        -- Failures in a row, what to do about the last one, and when it is tried again.
        attempt integer not null default 0,
        advice text,
        next_attempt_at timestamptz,
        -- The process that sends to it, until when it may.
        worker uuid,
        claimed_until timestamptz,
        created_at timestamptz not null
      );
      create unique index audit_receivers_by_name on audit_receivers (lower(name));
    `,
  },
];
