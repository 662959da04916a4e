import { apiAccount } from '../../../src/api/api-accounts.ts';
import type { Item } from '../api/paths.ts';

/** What an account may do, in words. */
export const permissionWords = (account: Item): readonly string[] => [
  ...(account.perm_command === 'full_access' ? ['Command API: Full Access'] : []),
  ...(account.perm_command === 'read_only' ? ['Command API: Read-Only'] : []),
  ...Object.entries(apiAccount.fields).flatMap(([name, field]) =>
    name !== 'perm_command' && name.startsWith('perm_') && account[name] === true ? [field.meta()?.title ?? name] : [],
  ),
];

/** One permission beside the command API: its field, and the words on its box. */
interface Box {
  readonly field: string;
  readonly label: string;
  /** Can only be had together with this one. */
  readonly with?: string;
}

/** The permissions of each API, as administrators of such sites know them. */
export const apis: readonly { readonly api: string; readonly note?: string; readonly boxes: readonly Box[] }[] = [
  {
    api: 'Reporting API',
    boxes: [
      { field: 'perm_reporting_support', label: 'Allow Access to Access Session Reports and Recordings' },
      { field: 'perm_reporting_license', label: 'Allow Access to License Usage Reports' },
      { field: 'perm_reporting_vault', label: 'Allow Access to Vault Account Activity Reports' },
      { field: 'perm_reporting_jump_item', label: 'Allow Access to Jump Item Reports' },
      { field: 'perm_reporting_syslog', label: 'Allow Access to Syslog Reports' },
    ],
  },
  {
    api: 'Backup API',
    note: 'Access to the Backup API gives this API account an encrypted copy of all configuration and reporting data.',
    boxes: [
      { field: 'perm_backup', label: 'Allow Access' },
      { field: 'perm_vault_backup', label: 'Allow Vault Encryption Key Access', with: 'perm_backup' },
    ],
  },
  {
    api: 'Configuration API',
    boxes: [
      { field: 'perm_configuration', label: 'Allow Access' },
      { field: 'perm_configuration_vault_account', label: 'Manage Vault Accounts', with: 'perm_configuration' },
    ],
  },
  { api: 'Endpoint Credential Manager API', boxes: [{ field: 'perm_ecm', label: 'Allow Access' }] },
  { api: 'SCIM API', boxes: [{ field: 'perm_scim', label: 'Allow Access' }] },
];
