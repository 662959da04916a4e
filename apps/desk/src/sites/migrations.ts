import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0150-sites',
    sql: `
      create table remote_sites (
        site_id uuid primary key default gen_random_uuid(),
        name text not null,
        url text not null,
        client_id text not null,
        sealed_secret text not null,
        certificate_authorities text not null,
        created_at timestamptz not null
      );
      create unique index remote_sites__name_is_unique on remote_sites (lower(name));`,
  },
];
