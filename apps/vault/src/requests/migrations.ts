import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0370-password-requests',
    sql: `
      create table password_requests (
        request_id uuid primary key,
        credential_id uuid not null references credentials (credential_id) on delete cascade,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        -- The program that asked in its name; null: it asked itself.
        impersonator_id uuid references identities (identity_id) on delete set null,
        -- 'use': to check out without the right to. 'reveal': to see it on a page, which takes a second person.
        purpose text not null constraint password_requests_purpose check (purpose in ('use', 'reveal')),
        -- Of the lease that it is for, so that asking again is not a second one.
        lease_id text,
        comment text not null,
        minutes integer not null,
        state text not null constraint password_requests_state
          check (state in ('pending', 'granted', 'denied', 'expired', 'withdrawn', 'used')),
        -- Name of whoever decided, and why.
        decided_by text,
        decision text,
        -- What it was used for.
        checkout_id uuid references checkouts (checkout_id) on delete set null,
        correlation_id text not null,
        created_at timestamptz not null,
        decided_at timestamptz,
        -- A pending one that nobody decides, and a granted one that nobody uses, end then.
        expires_at timestamptz not null
      );
      create unique index password_requests_of_lease on password_requests (identity_id, credential_id, lease_id)
        where lease_id is not null;
      create index password_requests_open on password_requests (expires_at) where state in ('pending', 'granted');
      create index password_requests_of_credential on password_requests (credential_id, created_at desc);
      create index password_requests_of_identity on password_requests (identity_id, created_at desc);
      create index password_requests_of_checkout on password_requests (checkout_id) where checkout_id is not null;
    `,
  },
];
