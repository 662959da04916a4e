import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0330-reporting',
    sql: `
      -- What reports choose sessions by.
      create index support_sessions_by_beginning on support_sessions (began_at, lseq);
      create index support_sessions_by_end on support_sessions (ended_at, lseq) where state = 'ended';
      create index support_events_of_surveys on support_events (at, lsid, seq) where type = 'survey_completed';
      create index support_events_of_queues on support_events ((body ->> 'queue'), at, lsid, seq)
        where type in ('begun', 'transferred');
      -- In the order they were made, as programs number sessions.
      alter table sessions add column lseq bigint generated always as identity;
      create index sessions_by_opening on sessions (opened_at, lseq) where opened_at is not null;
      create index sessions_by_end on sessions (ended_at, lseq) where opened_at is not null;

      -- What of the audit belongs to sessions, and to credentials in them.
      create index system_audit_files on system_audit ((change ->> 'session'), audit_id) where action like 'file.%';
      create index system_audit_credentials on system_audit (at, audit_id)
        where action in ('credential.retrieve', 'credential.released');
      create index system_audit_leases on system_audit ((change ->> 'lease')) where action = 'credential.retrieve';
      create index system_audit_teams on system_audit (at, audit_id) where action like 'team%';
      create index system_audit_by_time on system_audit (at, audit_id);

      -- What links to downloads are signed with.
      create table download_secret (
        only_row boolean primary key default true constraint download_secret_is_one_row check (only_row),
        sealed text not null
      );`,
  },
];
