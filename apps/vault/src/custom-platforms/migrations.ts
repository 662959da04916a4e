import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0331-custom-platforms',
    sql: `
      -- Kinds of systems that the vault does not know: an administrator says how their passwords are verified and changed.
      create table custom_platforms (
        platform_id uuid primary key,
        -- Also the namespace of its accounts, in brackets: '[Radio]'.
        name text not null,
        comment text not null,
        -- A CustomRules of api/custom-platforms.
        rules jsonb not null,
        created_at timestamptz not null
      );
      create unique index custom_platforms_by_name on custom_platforms (lower(name));
      -- Null: one that the vault knows, or one on which nothing is changed.
      alter table systems add column platform_id uuid references custom_platforms (platform_id),
        add constraint systems_platform check (platform_id is null or kind = 'other');
      create index systems_of_platform on systems (platform_id) where platform_id is not null;
    `,
  },
];
