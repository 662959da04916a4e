import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0120-desk-accounts',
    sql: `
      create table desk_accounts (
        account_id uuid primary key,
        login text not null constraint desk_accounts__login_is_there check (login <> ''),
        permissions text[] not null,
        enabled boolean not null default true,
        -- The token itself is shown once and kept nowhere.
        token_hash bytea not null constraint desk_accounts__token_is_unique unique,
        token_begins text not null,
        token_at timestamptz not null default now(),
        last_used_at timestamptz,
        created_at timestamptz not null default now()
      );
      create unique index desk_accounts__login_is_unique on desk_accounts (lower(login));`,
  },
];
