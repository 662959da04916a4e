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
];
