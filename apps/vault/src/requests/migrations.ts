import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0370-password-requests',
    sql: `
      create table password_requests (
        request_id uuid primary key,
        credential_id uuid not null references credentials (credential_id) on delete cascade,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        comment text not null,
        minutes integer not null,
        state text not null
          constraint password_requests_state check (state in ('pending', 'granted', 'denied', 'expired', 'used')),
        -- Name of whoever decided, and why.
        decided_by text,
        decision text,
        correlation_id text not null,
        created_at timestamptz not null,
        decided_at timestamptz,
        -- A pending one that nobody decides, and a granted one that nobody uses, end then.
        expires_at timestamptz not null
      );
      create index password_requests_open on password_requests (expires_at) where state in ('pending', 'granted');
      create index password_requests_of_credential on password_requests (credential_id, created_at desc);
      create index password_requests_of_identity on password_requests (identity_id, created_at desc);
    `,
  },
];
