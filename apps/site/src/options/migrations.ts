import type { Migration } from '@gatehouse/database';

const usualMail = [
  'You are invited to a support session.',
  '',
  'Open this address to begin: {url}',
  'Or enter the session key {key} on our support page.',
  '',
  'The invitation is valid until {expires}.',
];

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
  {
    name: '0323-support-options',
    sql: `
      alter table site_options
        -- How programs tell this site from others.
        add column appliance_id text not null default replace(gen_random_uuid()::text, '-', ''),
        add column xml_namespace text not null default 'http://www.beyondtrust.com/sra/namespaces/API',
        add column session_key_seconds int not null default 86400
          constraint site_options_session_key_seconds check (session_key_seconds between 60 and session_key_most_seconds),
        add column session_key_most_seconds int not null default 2592000
          constraint site_options_session_key_most_seconds check (session_key_most_seconds between 60 and 31536000),
        add column session_key_mail_subject text not null default 'Remote Support Invitation',
        add column session_key_mail_body text not null default '${usualMail.join("' || E'\n' || '")}';`,
  },
  {
    name: '0327-portal-options',
    sql: `
      alter table site_options
        -- Customers may come to the general queue by themselves.
        add column portal_general_queue boolean not null default true,
        -- What customers agree to before a session; empty: nothing is asked.
        add column portal_agreement text not null default
          'A representative will be able to chat with you and to see what you share. The session is recorded.',
        add column file_most_bytes bigint not null default 2147483648
          constraint site_options_file_most_bytes check (file_most_bytes between 0 and 17179869184),
        -- Extensions of names, in lower case without the dot.
        add column file_refused_types text[] not null default '{}',
        add column record_screens boolean not null default true;`,
  },
  {
    name: '0362-sharing-options',
    sql: `
      alter table site_options
        -- Above the portal; empty: the company.
        add column portal_name text not null default '',
        -- Extensions in lower case without the dot; empty: all but the refused ones.
        add column file_allowed_types text[] not null default '{}',
        add column customers_send_files boolean not null default true,
        add column representatives_send_files boolean not null default true,
        add column customers_share_screens boolean not null default true;`,
  },
];
