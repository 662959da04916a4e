import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0311-approvals',
    sql: `
      create table approvals (
        approval_id uuid primary key,
        user_id int not null references users on delete cascade,
        item_type text not null,
        item_id int not null,
        item_name text not null,
        jump_policy_id int not null references jump_policies on delete cascade,
        reason text not null,
        ticket text not null,
        state text not null default 'waiting' constraint approvals_state check (state in ('waiting', 'approved', 'denied')),
        asked_at timestamptz not null,
        decided_by text,
        decided_at timestamptz,
        comment text not null default '',
        -- For whom it is: the one who asked, or everybody who may.
        for_anyone boolean not null,
        until timestamptz
      );
      create unique index approvals__one_waits on approvals (user_id, item_type, item_id) where state = 'waiting';
      create index approvals_of_item on approvals (item_type, item_id, approval_id desc);`,
  },
];
