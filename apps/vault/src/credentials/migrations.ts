import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0330-credentials',
    sql: `
      create table password_policies (
        policy_id uuid primary key,
        name text not null,
        -- A PasswordPolicy of policies/model.
        rules jsonb not null,
        created_at timestamptz not null
      );
      create unique index password_policies_by_name on password_policies (lower(name));

      -- Computers, domains and databases whose accounts the vault keeps.
      create table systems (
        system_id uuid primary key,
        -- As people and programs call it, without a domain: 'web1'.
        name text not null,
        -- Host name or address that it is reached by; null: the name.
        address text,
        kind text not null
          constraint systems_kind check (kind in ('windows', 'domain', 'linux', 'postgresql', 'mysql', 'other')),
        -- NetBIOS and full name of the domain that it is, or is joined to.
        domain_netbios text,
        domain_dns text,
        port integer constraint systems_port check (port between 1 and 65535),
        -- Fingerprints of host keys (SHA256:…), or certificates in PEM form, that are trusted there.
        trust text[] not null default '{}',
        -- Whose rights change the passwords of other accounts there; null: each account changes its own.
        login_credential_id uuid,
        comment text not null default '',
        asset_tag text not null default '',
        created_at timestamptz not null
      );
      create unique index systems_by_name on systems (lower(name), kind);
      create index systems_by_address on systems (lower(address));

      create table credentials (
        credential_id uuid primary key,
        system_id uuid not null references systems (system_id),
        -- '[Linux]', a NetBIOS name, the computer's name.
        namespace text not null,
        account_name text not null,
        -- The database; '' for everything else.
        instance_name text not null default '',
        type text not null
          constraint credentials_type check (type in ('linux', 'ssh_key', 'windows', 'postgresql', 'mysql', 'custom')),
        policy_id uuid references password_policies (policy_id),
        -- Made by the vault, not entered by a person.
        is_random boolean not null,
        -- Changed after each check-in.
        auto_spin boolean not null,
        comment text not null default '',
        asset_tag text not null default '',
        -- The secret that works, as far as the vault knows.
        secret_id uuid references secrets (secret_id),
        secret_at timestamptz,
        -- When somebody or something last signed in with it to see.
        verified_at timestamptz,
        -- Null: not tried yet.
        is_verified boolean,
        created_at timestamptz not null
      );
      create unique index credentials_by_name on credentials
        (system_id, lower(namespace), lower(account_name), lower(instance_name), (type = 'ssh_key'));
      create index credentials_of_system on credentials (system_id);
      create index credentials_by_account on credentials (lower(account_name), credential_id);
      alter table systems add constraint systems_login foreign key (login_credential_id)
        references credentials (credential_id) on delete set null;

      -- Secrets that were current before, newest first by their time.
      create table former_secrets (
        credential_id uuid not null references credentials (credential_id) on delete cascade,
        secret_id uuid not null references secrets (secret_id),
        since timestamptz not null,
        until timestamptz not null,
        primary key (credential_id, secret_id)
      );

      create table management_sets (
        set_id uuid primary key,
        name text not null,
        comment text not null default '',
        created_at timestamptz not null
      );
      create unique index management_sets_by_name on management_sets (lower(name));
      create table set_systems (
        set_id uuid not null references management_sets (set_id) on delete cascade,
        system_id uuid not null references systems (system_id) on delete cascade,
        primary key (set_id, system_id)
      );
      create index set_systems_of_system on set_systems (system_id);
    `,
  },
  {
    name: '0332-sql-server',
    sql: `
      alter table systems drop constraint systems_kind;
      alter table systems add constraint systems_kind
        check (kind in ('windows', 'domain', 'linux', 'postgresql', 'mysql', 'sqlserver', 'other'));
      alter table credentials drop constraint credentials_type;
      alter table credentials add constraint credentials_type
        check (type in ('linux', 'ssh_key', 'windows', 'postgresql', 'mysql', 'sqlserver', 'custom'));
      -- Programs stored them as what they are before the vault knew it: systems with nothing but such accounts.
      update systems s set kind = 'sqlserver' where kind = 'other' and platform_id is null
        and exists (select from credentials c where c.system_id = s.system_id)
        and not exists (select from credentials c where c.system_id = s.system_id
          and (lower(c.namespace) <> '[sqlserver]' or c.type <> 'custom'));
      update credentials c set type = 'sqlserver' from systems s
        where s.system_id = c.system_id and s.kind = 'sqlserver';
    `,
  },
];
