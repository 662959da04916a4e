import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0312-sessions',
    sql: `
      -- Everything is as it was when the session began: items, groups and people may be renamed or deleted later.
      create table sessions (
        session_id uuid primary key,
        correlation_id text not null,
        -- The copy of the site that holds it.
        process_id uuid not null,
        state text not null constraint sessions_state check (state in ('opening', 'waiting', 'open', 'ended')),
        user_id int not null,
        username text not null,
        person_name text not null,
        item_type text not null,
        item_id int not null,
        item_name text not null,
        hostname text not null,
        jump_group text,
        -- Null: the person typed it.
        credential text,
        account text not null default '',
        reason text not null,
        ticket text not null,
        requested_at timestamptz not null,
        opened_at timestamptz,
        ended_at timestamptz,
        ending text,
        ended_by text,
        problem text,
        host_key text,
        host_key_is_new boolean not null default false,
        limit_at timestamptz,
        rules jsonb not null,
        -- Somebody who is served by another copy wants it to end: their name.
        end_asked_by text,
        constraint sessions_end_together check ((state = 'ended') = (ended_at is not null and ending is not null))
      );
      create index sessions_of_user on sessions (user_id, session_id desc);
      create index sessions_of_item on sessions (item_type, item_id, session_id desc);
      create index sessions_live on sessions (process_id) where state <> 'ended';`,
  },
  {
    name: '0316-participants',
    sql: `
      -- Who joined it, in order: [{userId, username, name, reason, ticket, joinedAt, leftAt}].
      alter table sessions add column participants jsonb not null default '[]';
      create index sessions_of_participant on sessions using gin (participants jsonb_path_ops) where participants <> '[]';`,
  },
];
