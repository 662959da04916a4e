import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0151-connections',
    sql: `
      create table desk_connections (
        connection_id uuid primary key,
        name text not null,
        -- The adapter.
        desk text not null,
        site_id uuid not null constraint desk_connections__site_id_exists references remote_sites,
        -- JSON, as entered.
        sealed_settings text not null,
        -- Of the secret in the address that events are sent to.
        secret_hash bytea not null constraint desk_connections_secret_is_unique unique,
        senders text[] not null constraint desk_connections_senders check (cardinality(senders) > 0),
        assignment jsonb not null,
        key_seconds int not null,
        unstarted text not null constraint desk_connections_unstarted check (unstarted in ('ignore', 'attach', 'create')),
        template text not null,
        redact text[] not null,
        enabled boolean not null,
        created_at timestamptz not null
      );
      create unique index desk_connections__name_is_unique on desk_connections (lower(name));
      create index desk_connections_of_site on desk_connections (site_id);`,
  },
  {
    name: '0161-connection-mail',
    sql: `
      -- The mail with a session key, in Liquid; empty: as the site words it.
      alter table desk_connections add column mail_subject text not null default '',
        add column mail_template text not null default '',
        -- Customers are sent what was said once a session is over.
        add column transcripts boolean not null default false;`,
  },
  {
    name: '0163-comparisons',
    sql: `
      -- When the list of the site was last compared, as a whole and back to what a month ago ended; null: not yet.
      alter table desk_connections add column compared_at timestamptz, add column swept_at timestamptz,
        -- Where the desk goes on telling what changed; null: from now on.
        add column changes_cursor text;`,
  },
  {
    name: '0164-end-status',
    sql: `
      -- Where a ticket goes when its session has ended, in the words of its desk; empty: it stays where it is.
      alter table desk_connections add column end_status text not null default '';`,
  },
];
