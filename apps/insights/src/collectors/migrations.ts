import type { Migration } from '@gatehouse/database';

const fence = (table: string) => `
      alter table ${table} enable row level security;
      create policy ${table}_fence on ${table}
        using (tenant_id = nullif(current_setting('gatehouse.tenant', true), '')::uuid);`;

export const migrations: readonly Migration[] = [
  {
    name: '0600-collectors',
    sql: `
      -- One for each connection that an agent reads, from its creation on.
      create table collectors (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        -- 32 bytes of Ed25519 in base64; null until a collector registered.
        public_key text,
        host text not null default '',
        version text not null default '',
        platform text not null default '',
        registered_at timestamptz,
        last_contact_at timestamptz,
        -- The largest that was accepted: a message that was listened to cannot be sent again.
        last_nonce bigint not null default 0,
        -- What it said of itself the last time.
        hello jsonb,
        -- How far its clock is ahead of ours.
        skew_ms bigint not null default 0,
        -- The newest batches that it had to throw away: { at, text }.
        dropped jsonb,
        -- Since when it runs another version than the one offered.
        behind_since timestamptz,
        -- Kept for a while after its connection was deleted, so that the device learns of it.
        removed_at timestamptz,
        primary key (tenant_id, connection_id)
      );
      -- A device names its id and no tenant.
      create index collectors_of_device on collectors (connection_id);${fence('collectors')}

      create table installation_keys (
        tenant_id uuid not null references tenants (tenant_id),
        key_id uuid not null,
        connection_id uuid not null,
        hash bytea not null,
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz not null,
        used_at timestamptz,
        closed_at timestamptz,
        primary key (tenant_id, key_id)
      );
      create unique index installation_keys_one_open on installation_keys (tenant_id, connection_id)
        where used_at is null and closed_at is null;
      create index installation_keys_by_hash on installation_keys (hash);${fence('installation_keys')}

      -- A system that collectors of the tenant can read: by whom until when, and which connection its records belong to.
      create table collector_sources (
        tenant_id uuid not null references tenants (tenant_id),
        source text not null,
        kind text not null,
        name text not null,
        holder uuid,
        held_until timestamptz,
        home uuid,
        -- { stream: when a person asked for it to be read }.
        wanted jsonb not null default '{}',
        primary key (tenant_id, source)
      );
      create unique index collector_sources_one_of_a_kind on collector_sources (tenant_id, home, kind)
        where home is not null;
      create index collector_sources_of_holder on collector_sources (tenant_id, holder);${fence('collector_sources')}

      -- Where the sending of a stream stands.
      create table stream_places (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        stream text not null,
        generation bigint not null,
        next bigint not null,
        -- Of the newest read that came to its end.
        caveats jsonb not null default '[]',
        primary key (tenant_id, connection_id, stream)
      );${fence('stream_places')}

      -- Batches that arrived and were not read into the inventory yet.
      create table inbox (
        tenant_id uuid not null references tenants (tenant_id),
        connection_id uuid not null,
        stream text not null,
        generation bigint not null,
        sequence bigint not null,
        type text not null constraint inbox_type check (type in ('page', 'end', 'fault')),
        -- As it travelled: compressed, so not compressed again.
        body bytea not null,
        arrived_at timestamptz not null,
        primary key (tenant_id, connection_id, stream, generation, sequence)
      );
      alter table inbox alter column body set storage external;${fence('inbox')}
    `,
  },
];
