import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0110-desk-teams',
    sql: `
      create table teams (
        team_id uuid primary key,
        name text not null constraint teams__name_is_there check (name <> ''),
        comment text not null default '',
        created_at timestamptz not null default now()
      );
      create unique index teams__name_is_unique on teams (lower(name));
      create table team_members (
        team_id uuid not null references teams (team_id) on delete cascade,
        person_id uuid not null references desk_people (person_id) on delete cascade,
        primary key (team_id, person_id)
      );
      create index team_members__person on team_members (person_id);`,
  },
];
