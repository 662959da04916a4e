import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0314-retention',
    sql: `
      create table session_retention (
        only_row boolean primary key default true constraint session_retention_is_one_row check (only_row),
        shell_days int not null constraint session_retention_shell_days check (shell_days between 1 and 3650),
        desktop_days int not null constraint session_retention_desktop_days check (desktop_days between 1 and 3650),
        session_days int not null constraint session_retention_session_days check (session_days between 1 and 3650),
        -- A recording without its session would say nothing of who was seen in it.
        constraint session_retention_keeps_whole check (session_days >= greatest(shell_days, desktop_days))
      );
      -- 90 days; a site that has older ones keeps them until an administrator says otherwise.
      insert into session_retention (shell_days, desktop_days, session_days)
        select days, days, days from (
          select case when exists (select from sessions where ended_at < now() - interval '90 days') then 3650 else 90 end
        ) as usual(days);

      alter table sessions
        add column recording_removed_at timestamptz,
        -- An administrator keeps it, whatever the retention says.
        add column hold_by text,
        add column hold_at timestamptz,
        add column hold_reason text,
        add constraint sessions_hold_together check (num_nulls(hold_by, hold_at, hold_reason) in (0, 3));
      create index sessions_ended on sessions (ended_at) where state = 'ended';`,
  },
];
