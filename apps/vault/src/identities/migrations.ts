import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0320-identities',
    sql: `
      -- Domains whose accounts may sign in, and how their controllers are reached.
      create table directories (
        directory_id uuid primary key,
        netbios_name text not null,
        dns_name text not null,
        controllers text[] not null,
        certificate_authorities text,
        -- Reads the groups of people who are impersonated; null: they are then not known.
        bind_name text,
        bind_secret_id uuid references secrets (secret_id),
        created_at timestamptz not null
      );
      create unique index directories_by_netbios on directories (lower(netbios_name));
      create unique index directories_by_dns on directories (lower(dns_name));

      create table identities (
        identity_id uuid primary key,
        kind text not null
          constraint identities_kind check (kind in ('explicit', 'domain_user', 'domain_group', 'role', 'ldap_user')),
        -- 'svc-ecm'; of domains 'NS\\sarcher'.
        name text not null,
        -- Argon2id; of explicit identities alone, and null while one may not sign in.
        password_hash text,
        enabled boolean not null default true,
        -- Who signs in to the pages with it.
        person_id text unique references people (id) on delete set null,
        comment text not null default '',
        created_at timestamptz not null
      );
      create unique index identities_by_name on identities (lower(name));

      -- Who has a role. Who is in a group of a domain is asked of the domain.
      create table role_members (
        role_id uuid not null references identities (identity_id) on delete cascade,
        member_id uuid not null references identities (identity_id) on delete cascade,
        primary key (role_id, member_id)
      );
      create index role_members_of_member on role_members (member_id);

      -- A caller of the web services, from log-in to log-out or expiry.
      create table tokens (
        token_hash bytea primary key,
        identity_id uuid not null references identities (identity_id) on delete cascade,
        -- Who acts as that identity; null where it acts itself.
        impersonator_id uuid references identities (identity_id) on delete cascade,
        registration_id uuid,
        -- Groups of a domain that the identity was in when it signed in.
        groups uuid[] not null default '{}',
        address text,
        correlation_id text not null,
        created_at timestamptz not null,
        used_at timestamptz not null
      );
      create index tokens_of_identity on tokens (identity_id);
      create index tokens_by_age on tokens (used_at);

      -- Failed log-ins of a name, which slow further ones down.
      create table failed_logins (
        name text primary key,
        failures integer not null,
        blocked_until timestamptz,
        last_at timestamptz not null
      );
    `,
  },
  {
    name: '0321-second-factor',
    sql: `
      -- The key of codes that an explicit identity logs in to the web services with, beside its password, and the newest
      -- step of which a code was used: no code counts twice.
      alter table identities add column totp_secret_id uuid references secrets (secret_id),
        add column totp_step bigint not null default 0;
    `,
  },
];
