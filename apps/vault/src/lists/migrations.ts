import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0340-shared-lists',
    sql: `
      -- Shared credential lists: accounts of what the vault does not manage.
      create table shared_lists (
        list_id uuid primary key,
        name text not null,
        comment text not null default '',
        created_at timestamptz not null
      );
      create unique index shared_lists_by_name on shared_lists (lower(name));
      create table list_entries (
        entry_id uuid primary key,
        list_id uuid not null references shared_lists (list_id) on delete cascade,
        -- Free text; '' for one that is good everywhere.
        system_name text not null,
        account_name text not null,
        comment text not null default '',
        secret_id uuid not null references secrets (secret_id),
        secret_at timestamptz not null,
        created_at timestamptz not null
      );
      create unique index list_entries_by_name on list_entries (list_id, lower(system_name), lower(account_name));
      create index list_entries_of_system on list_entries (lower(system_name));
    `,
  },
];
