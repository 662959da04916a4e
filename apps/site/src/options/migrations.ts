import type { Migration } from '@gatehouse/database';

export const migrations: readonly Migration[] = [
  {
    name: '0300-options',
    sql: `
      create table site_options (
        only_row boolean primary key default true constraint site_options_are_one_row check (only_row),
        enable_xml_api boolean not null,
        allow_ecm_connections boolean not null,
        company text not null
      );
      -- No program gets in before an administrator says so.
      insert into site_options (enable_xml_api, allow_ecm_connections, company) values (false, true, 'gatehouse');`,
  },
  {
    name: '0315-session-idle',
    sql: `
      -- For users whose group policy leaves it to the site; 0: never.
      alter table site_options add column session_idle_seconds int not null default 0
        constraint site_options_session_idle_seconds check (session_idle_seconds between 0 and 86400);`,
  },
];
