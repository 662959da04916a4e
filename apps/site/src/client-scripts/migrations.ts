import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0370-console-links',
    sql: `
      -- Links that do one thing in the console, once, for one user. Who has the database has none of them: only the hash.
      create table console_links (
        token_hash bytea primary key,
        user_id int not null references users on delete cascade,
        action text not null,
        parameters jsonb not null,
        made_by text not null,
        expires_at timestamptz not null,
        used_at timestamptz
      );
      create index console_links_expire on console_links (expires_at);
      create index console_links_user on console_links (user_id);`,
  },
];
