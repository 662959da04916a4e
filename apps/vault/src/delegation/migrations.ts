import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0350-delegation',
    sql: `
      -- What an identity may do everywhere.
      create table global_permissions (
        identity_id uuid primary key references identities (identity_id) on delete cascade,
        log_in boolean not null,
        all_access boolean not null,
        ignore_password_checkout boolean not null,
        -- Grants requests for every credential, as programs do that approve by themselves; sees no password by it.
        global_approver boolean not null default false,
        constraint global_permissions_ignore check (all_access or not ignore_password_checkout)
      );

      -- What an identity may do with one credential, or with those of the systems of a management set.
      create table delegations (
        delegation_id uuid primary key,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        credential_id uuid references credentials (credential_id) on delete cascade,
        set_id uuid references management_sets (set_id) on delete cascade,
        view_accounts boolean not null,
        view_passwords boolean not null,
        request_passwords boolean not null,
        grant_requests boolean not null,
        remote_sessions boolean not null,
        spin boolean not null,
        created_at timestamptz not null,
        constraint delegations_of_one check ((credential_id is null) <> (set_id is null))
      );
      create unique index delegations_of_credential on delegations (credential_id, identity_id) where credential_id is not null;
      create unique index delegations_of_set on delegations (set_id, identity_id) where set_id is not null;
      create index delegations_of_identity on delegations (identity_id);

      -- Who may use which shared credential list.
      create table list_delegations (
        list_id uuid not null references shared_lists (list_id) on delete cascade,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        -- Put entries in, change them, take them out.
        may_edit boolean not null,
        primary key (list_id, identity_id)
      );
      create index list_delegations_of_identity on list_delegations (identity_id);

      -- Who may act as whom: as that identity, or as anybody who has that role or is in that group.
      create table impersonation_mappings (
        identity_id uuid not null references identities (identity_id) on delete cascade,
        target_id uuid not null references identities (identity_id) on delete cascade,
        primary key (identity_id, target_id),
        constraint impersonation_of_another check (identity_id <> target_id)
      );

      -- Programs that may call the web services, each with a key and the networks that it calls from.
      create table api_registrations (
        registration_id uuid primary key,
        name text not null,
        -- SHA-256 of 256 random bits.
        key_hash bytea not null unique,
        -- CIDR; none: from anywhere.
        networks text[] not null,
        enabled boolean not null,
        created_at timestamptz not null,
        used_at timestamptz
      );
      create unique index api_registrations_by_name on api_registrations (lower(name));
    `,
  },
];
