import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0240-app-activity',
    sql: `
      -- When each program of the server's settings last answered. It belongs to no tenant.
      create table app_activity (
        url text primary key,
        last_active_at timestamptz not null
      );
    `,
  },
];
