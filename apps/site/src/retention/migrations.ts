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
  {
    name: '0331-support-retention',
    sql: `
      alter table session_retention
        add column support_session_days int not null default 90
          constraint session_retention_support_session_days check (support_session_days between 1 and 3650),
        add column support_chat_days int not null default 90
          constraint session_retention_support_chat_days check (support_chat_days between 1 and 3650),
        add column support_recording_days int not null default 90
          constraint session_retention_support_recording_days check (support_recording_days between 1 and 3650),
        add column support_file_days int not null default 90
          constraint session_retention_support_file_days check (support_file_days between 1 and 3650),
        -- What belongs to a session goes with it.
        add constraint session_retention_keeps_whole_support check (
          support_session_days >= greatest(support_chat_days, support_recording_days, support_file_days));
      -- Nobody has said that what is older already may go.
      update session_retention set support_session_days = 3650, support_chat_days = 3650, support_recording_days = 3650,
        support_file_days = 3650
      where exists (select from support_sessions where ended_at < now() - interval '90 days');

      alter table support_sessions
        -- Set, too, where there was nothing to remove, so that nobody looks again.
        add column chat_removed_at timestamptz,
        add column recordings_removed_at timestamptz,
        add column files_removed_at timestamptz;

      -- What happened is removed with its session, and before that the words alone, once it has ended.
      create function support_events_go_as_said() returns trigger language plpgsql as $$ begin
        if not exists (select from support_sessions where lsid = old.lsid) then return old; end if;
        if old.type = 'chat_message' and exists (
          select from support_sessions where lsid = old.lsid and state = 'ended') then return old; end if;
        raise exception 'what happened in a session is not removed from it';
      end $$;
      create trigger support_events_go_as_said before delete on support_events
        for each row execute function support_events_go_as_said();`,
  },
  {
    name: '0361-support-holds',
    sql: `
      alter table support_sessions
        -- An administrator keeps it, whatever the retention says.
        add column hold_by text,
        add column hold_at timestamptz,
        add column hold_reason text,
        add constraint support_sessions_hold_together check (num_nulls(hold_by, hold_at, hold_reason) in (0, 3));
      create index support_sessions_held on support_sessions (lseq) where hold_at is not null;`,
  },
];
