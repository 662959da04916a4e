import { z } from 'zod';
import { Flag, field, Id, type Shape, text } from './shape.ts';

const flag = (title: string, description: string) => field(Flag, title, description, { default: false });
const readOnly = { readOnly: true } as const;

/** Whom the APIs are opened to. */
export const apiAccount: Shape = {
  name: 'ApiAccount',
  one: 'API account',
  many: 'API accounts',
  label: 'name',
  required: ['name'],
  fields: {
    id: field(Id, 'Id', 'Given by the site.', readOnly),
    name: field(text(255, 1), 'Name', 'Must be the only one with this name.'),
    comments: field(text(4_096), 'Comments', 'For administrators.', { default: '', format: 'textarea' }),
    enabled: field(Flag, 'Enabled', 'Switched off, its tokens end at once.', { default: true }),
    ip_addresses: field(text(20_000), 'Network restrictions', 'Network prefixes, one a line. Empty: from everywhere.', {
      default: '',
      format: 'textarea',
    }),
    client_id: field(text(40), 'OAuth client id', 'Given by the site.', readOnly),
    failed_login_attempts: field(z.int().min(0), 'Failed attempts', 'In a row, since the last success.', readOnly),
    failed_login_expiration: field(z.string(), 'Locked until', 'After too many failed attempts.', readOnly),
    ecm_group_id: field(Id, 'ECM group', 'The group this ECM belongs to. Left out: the default one.'),
    perm_command: field(z.enum(['deny', 'read_only', 'full_access']), 'Command API', 'What it may do there.', {
      default: 'deny',
    }),
    perm_reporting_support: flag(
      'Reporting API: sessions',
      'Reports and recordings of access and support sessions, chats and files too.',
    ),
    perm_reporting_license: flag('Reporting API: licence usage', 'Reports of licences.'),
    perm_reporting_vault: flag('Reporting API: vault activity', 'Reports of vault accounts.'),
    perm_reporting_jump_item: flag('Reporting API: Jump items', 'Reports of Jump items.'),
    perm_reporting_syslog: flag('Reporting API: syslog', 'Reports of the syslog.'),
    perm_backup: flag('Backup API', 'A copy of all configuration and reporting data.'),
    perm_vault_backup: flag('Backup API: vault encryption key', 'The key of the vault.'),
    perm_ecm: flag('Endpoint Credential Manager API', 'May connect as an ECM.'),
    perm_scim: flag('SCIM API', 'May provision users.'),
    perm_configuration: flag('Configuration API', 'May change what this site is made of.'),
    perm_configuration_vault_account: flag('Configuration API: vault accounts', 'May manage vault accounts.'),
  },
};

/** POST /api/api-accounts and …/secret: the only answers that hold the secret. */
export const ApiAccountSecret = z.object({ id: Id, client_id: z.string(), client_secret: z.string() });
