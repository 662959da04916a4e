import type { Migration } from '@gatehouse/database';

/** The tables of this package. Every program lists them among its own. */
export const serverMigrations: readonly Migration[] = [
  {
    name: '0001-people',
    sql: `
      create table people (
        id text primary key,
        name text not null,
        email text not null,
        email_verified boolean not null,
        image text,
        two_factor_enabled boolean not null default false,
        system_administrator boolean not null default false,
        last_sign_in_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint people_email_is_unique unique (email),
        constraint people_email_is_lower_case check (email = lower(email))
      );
      create table sign_ins (
        id text primary key,
        token text not null,
        person_id text not null references people (id) on delete cascade,
        ip_address text,
        user_agent text,
        expires_at timestamptz not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint sign_ins_token_is_unique unique (token)
      );
      create index sign_ins_of_person on sign_ins (person_id);
      create function remember_sign_in() returns trigger language plpgsql as $$ begin
        update people set last_sign_in_at = new.created_at where id = new.person_id;
        return null;
      end $$;
      create trigger remember_sign_in after insert on sign_ins for each row execute function remember_sign_in();
      create table sign_in_methods (
        id text primary key,
        person_id text not null references people (id) on delete cascade,
        account_id text not null,
        provider_id text not null,
        access_token text,
        refresh_token text,
        id_token text,
        access_token_expires_at timestamptz,
        refresh_token_expires_at timestamptz,
        scope text,
        password text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint sign_in_methods_are_unique unique (provider_id, account_id)
      );
      create index sign_in_methods_of_person on sign_in_methods (person_id);
      create table sign_in_verifications (
        id text primary key,
        identifier text not null,
        value text not null,
        expires_at timestamptz not null,
        created_at timestamptz not null,
        updated_at timestamptz not null
      );
      create index sign_in_verifications_by_identifier on sign_in_verifications (identifier);
      create table second_factors (
        id text primary key,
        person_id text not null references people (id) on delete cascade,
        secret text not null,
        backup_codes text not null,
        verified boolean,
        failed_verification_count integer not null default 0,
        locked_until timestamptz
      );
      create index second_factors_of_person on second_factors (person_id);
      create table passkeys (
        id text primary key,
        person_id text not null references people (id) on delete cascade,
        name text,
        public_key text not null,
        credential_id text not null,
        counter bigint not null,
        device_type text not null,
        backed_up boolean not null,
        transports text,
        aaguid text,
        created_at timestamptz,
        constraint passkeys_credential_is_unique unique (credential_id)
      );
      create index passkeys_of_person on passkeys (person_id);`,
  },
  {
    name: '0002-welcome-links-keys-and-attempts',
    sql: `
      create table welcome_links (
        link_id uuid primary key,
        token_hash bytea not null constraint welcome_links_token_is_unique unique,
        kind text not null constraint welcome_links_kind check (kind in ('first-administrator', 'invitation')),
        person_id text references people (id) on delete cascade,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        constraint welcome_links_invite_somebody check ((kind = 'invitation') = (person_id is not null))
      );
      create table api_keys (
        key_id uuid primary key,
        person_id text not null references people (id) on delete cascade,
        name text not null,
        prefix text not null,
        key_hash bytea not null constraint api_keys_hash_is_unique unique,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        last_used_at timestamptz
      );
      create index api_keys_of_person on api_keys (person_id);
      create table sign_in_attempts (
        scope text not null,
        key_hash bytea not null,
        attempts integer not null,
        window_ends_at timestamptz not null,
        primary key (scope, key_hash)
      );
      create index sign_in_attempts_by_end on sign_in_attempts (window_ends_at);`,
  },
  {
    name: '0003-audit',
    sql: `
      create table audit (
        tenant_id uuid not null,
        audit_id uuid not null,
        at timestamptz not null default now(),
        actor_kind text not null,
        actor_id text,
        actor_name text not null,
        action text not null,
        target text not null,
        correlation_id text not null,
        change jsonb not null,
        primary key (tenant_id, audit_id)
      );
      alter table audit enable row level security;
      create policy audit_of_tenant on audit
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);
      -- An audit only grows: no update, no delete.
      grant select, insert on audit to gatehouse_tenant;
      create table system_audit (
        audit_id uuid primary key,
        at timestamptz not null default now(),
        actor_kind text not null,
        actor_id text,
        actor_name text not null,
        action text not null,
        target text not null,
        correlation_id text not null,
        change jsonb not null
      );`,
  },
  {
    name: '0004-people-are-switched-off',
    sql: `
      alter table people add column disabled boolean not null default false;
      -- So that an administrator can forgive the failures of one account, from whatever address they came.
      alter table sign_in_attempts add column account_hash bytea;
      create index sign_in_attempts_of_account on sign_in_attempts (account_hash) where account_hash is not null;`,
  },
];
