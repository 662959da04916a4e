import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0360-checkouts',
    sql: `
      -- Who has which secret, from check-out to check-in.
      create table checkouts (
        checkout_id uuid primary key,
        credential_id uuid references credentials (credential_id) on delete cascade,
        entry_id uuid references list_entries (entry_id) on delete cascade,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        impersonator_id uuid references identities (identity_id) on delete set null,
        -- Chosen by whoever checks out, so that asking again is not a second one.
        lease_id text,
        -- The first one; further ones stand beside it: of the same identity, or of holders of Ignore Password Checkout.
        is_exclusive boolean not null,
        comment text not null,
        correlation_id text not null,
        checked_out_at timestamptz not null,
        expires_at timestamptz not null,
        checked_in_at timestamptz,
        ended_by text constraint checkouts_ended_by check (ended_by in ('check-in', 'expiry', 'administrator')),
        constraint checkouts_of_one check ((credential_id is null) <> (entry_id is null)),
        constraint checkouts_end check ((checked_in_at is null) = (ended_by is null))
      );
      create unique index checkouts_exclusive on checkouts (credential_id)
        where checked_in_at is null and is_exclusive and credential_id is not null;
      create unique index checkouts_exclusive_entry on checkouts (entry_id)
        where checked_in_at is null and is_exclusive and entry_id is not null;
      create unique index checkouts_of_lease on checkouts (identity_id, lease_id) where lease_id is not null;
      create index checkouts_due on checkouts (expires_at, checkout_id) where checked_in_at is null;
      create index checkouts_of_credential on checkouts (credential_id, checked_out_at desc);
      create index checkouts_of_entry on checkouts (entry_id, checked_out_at desc);
      create index checkouts_of_identity on checkouts (identity_id, checked_out_at desc);

      -- Leases that were ended before anything was checked out under them: a check-out that arrives late gets nothing.
      create table ended_leases (
        identity_id uuid not null references identities (identity_id) on delete cascade,
        lease_id text not null,
        ended_at timestamptz not null,
        primary key (identity_id, lease_id)
      );
      create index ended_leases_by_age on ended_leases (ended_at);
    `,
  },
];
