import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0387-notices-of-sessions',
    sql: `
      -- Sessions whose end somebody is told of by mail, as their Jump policy says.
      create table session_notices (
        -- The id of a session with an endpoint, or the lsid of one of support.
        session text primary key,
        jump_policy_id int not null references jump_policies on delete cascade,
        person text not null,
        endpoint text not null,
        began_at timestamptz not null
      );
      alter table support_machines add column jump_policy_id int references jump_policies on delete set null;`,
  },
];
