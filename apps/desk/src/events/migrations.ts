import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0153-inbound-events',
    sql: `
      -- What sites told, as it came. It is only a reason to look: what is true, the site's reports say.
      create table inbound_events (
        event_id uuid primary key default gen_random_uuid(),
        connection_id uuid not null references desk_connections on delete cascade,
        received_at timestamptz not null,
        sender text not null,
        event text not null,
        lsid text not null,
        parameters jsonb not null,
        -- Of all parameters: what is sent again is the same event.
        digest bytea not null,
        -- Why nothing can be made of it; empty: it was passed on.
        problem text not null default '',
        constraint inbound_events_are_heard_once unique (connection_id, digest)
      );
      create index inbound_events_newest on inbound_events (connection_id, received_at desc);
      create index inbound_events_problems on inbound_events (connection_id, received_at desc) where problem <> '';`,
  },
];
