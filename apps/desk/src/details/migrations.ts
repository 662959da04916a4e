import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0152-sessions',
    sql: `
      -- Support sessions as far as a desk is concerned: what the site reports of them, and what became of it.
      create table desk_sessions (
        connection_id uuid not null references desk_connections on delete cascade,
        lsid text not null constraint desk_sessions_lsid check (length(lsid) between 1 and 100),
        external_key text not null default '',
        -- Of the ticket that counts; null: it belongs to none, or that is not known yet.
        ticket_id text,
        ticket_number text,
        ticket_url text,
        outcome text not null default 'new' constraint desk_sessions_outcome
          check (outcome in ('new', 'attached', 'created', 'ignored', 'unmatched', 'gone')),
        state text not null default 'unknown' constraint desk_sessions_state check (state in ('unknown', 'open', 'ended')),
        customer text not null default '',
        representative text not null default '',
        began_at timestamptz,
        ended_at timestamptz,
        -- As the site reported it last, read by the client.
        report jsonb,
        reported_at timestamptz,
        -- When it is looked at next; null: nothing is to be done.
        due_at timestamptz,
        tries int not null default 0,
        -- Which copy looks at it now. One that is gone loses it.
        holder text,
        held_until timestamptz,
        problem text not null default '',
        -- Given up: somebody has to look.
        dead_at timestamptz,
        first_heard_at timestamptz not null,
        primary key (connection_id, lsid),
        constraint desk_sessions_hold check ((holder is null) = (held_until is null))
      );
      create index desk_sessions_due on desk_sessions (due_at) where due_at is not null and dead_at is null;
      create index desk_sessions_held on desk_sessions (held_until) where held_until is not null;
      create index desk_sessions_of_ticket on desk_sessions (connection_id, ticket_id, began_at desc);
      create index desk_sessions_dead on desk_sessions (connection_id, dead_at) where dead_at is not null;
      create index desk_sessions_newest on desk_sessions (connection_id, first_heard_at desc);

      -- What stands in tickets: each part of a session once, with the number of its last version.
      create table session_notes (
        connection_id uuid not null,
        lsid text not null,
        ticket_id text not null,
        part text not null,
        revision int not null,
        digest bytea not null,
        note_id text not null,
        written_at timestamptz not null,
        primary key (connection_id, lsid, ticket_id, part),
        constraint session_notes__session_exists foreign key (connection_id, lsid) references desk_sessions on delete cascade
      );`,
  },
  {
    name: '0165-moved-tickets',
    sql: `
      -- When the ticket was moved because the session had ended: once, whatever somebody does with it afterwards.
      alter table desk_sessions add column moved_at timestamptz;`,
  },
];
