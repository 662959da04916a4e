import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0154-ticket-keys',
    sql: `
      -- The last session key of each ticket: whoever asks at the same time is given the same.
      create table ticket_keys (
        connection_id uuid not null references desk_connections on delete cascade,
        ticket_id text not null,
        -- Null while it is being made.
        sealed text,
        queue text not null,
        made_by text not null,
        made_at timestamptz not null,
        expires_at timestamptz,
        primary key (connection_id, ticket_id)
      );`,
  },
  {
    name: '0162-ticket-starts',
    sql: `
      -- Tickets that somebody began a session from here: what comes with their number was asked for.
      create table ticket_starts (
        connection_id uuid not null references desk_connections on delete cascade,
        ticket_id text not null,
        -- As it stands in external keys.
        number text not null,
        at timestamptz not null,
        primary key (connection_id, ticket_id)
      );
      create index ticket_starts_by_number on ticket_starts (lower(number));`,
  },
];
