import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0307-ecm',
    sql: `
      -- Copies of the program that run. One that does not say so for a while is gone, and its sessions with it.
      create table site_processes (
        process_id uuid primary key,
        seen_at timestamptz not null
      );

      create table ecm_clients (
        client_id uuid primary key,
        process_id uuid not null references site_processes on delete cascade,
        account_id int not null references api_accounts on delete cascade,
        ecm_group_id int,
        address text not null,
        -- Null until it has greeted.
        name text,
        version text,
        plugin text,
        connected_at timestamptz not null default now(),
        requests int not null default 0,
        last_error text
      );

      -- Leases that ECMs were asked for, each written before the asking. It outlives the copy that asked, and the account.
      create table brokered (
        lease_id uuid primary key,
        session_id text not null,
        process_id uuid not null,
        user_id int not null,
        person text not null,
        item_type text not null,
        item_id int not null,
        endpoint jsonb not null,
        credential text not null,
        ecm_account_id int not null,
        ecm_name text not null,
        correlation_id text not null,
        state text not null constraint brokered_state check (state in ('asked', 'held', 'ending', 'ended')),
        why text,
        asked_at timestamptz not null default now(),
        held_at timestamptz,
        ending_at timestamptz,
        ended_at timestamptz,
        expires_at timestamptz not null,
        next_try_at timestamptz,
        tries int not null default 0
      );
      create unique index brokered__session_has_one_lease on brokered (session_id) where state in ('asked', 'held');
      create index brokered_by_process on brokered (process_id) where state in ('asked', 'held');
      create index brokered_expiring on brokered (expires_at) where state in ('asked', 'held');
      create index brokered_ending on brokered (next_try_at) where state = 'ending';
      create index brokered_ended on brokered (ended_at) where state = 'ended';`,
  },
];
