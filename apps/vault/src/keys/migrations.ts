import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0300-master-keys',
    sql: `
      -- Which master keys this vault knows, each with a known text sealed by it: another key is told at the start, before
      -- anything is sealed by it that nobody could open.
      create table master_keys (
        key_id text primary key,
        check_text text not null,
        first_used_at timestamptz not null
      );
      -- Of a passphrase; one row.
      create table master_salt (
        is_only boolean primary key default true constraint master_salt_only check (is_only),
        salt bytea not null
      );
      -- Every secret of this vault. Whatever has one names it by its id and says where it belongs when it opens it.
      create table secrets (
        secret_id uuid primary key,
        place text not null,
        wrapped_key text not null,
        sealed text not null,
        created_at timestamptz not null
      );
    `,
  },
];
