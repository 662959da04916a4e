import { apiAccount } from '../api/api-accounts.ts';
import { type Kind, updateRow } from '../objects/index.ts';
import { refusePrefixes } from './network.ts';
import { hashSecret, newClientId, newClientSecret } from './secrets.ts';
import { endTokens } from './store.ts';

export const apiAccounts: Kind = {
  shape: apiAccount,
  noun: 'api-account',
  reads: 'api_accounts',
  writes: 'api_accounts',
  search: ['name', 'comments', 'client_id'],
  check: async (_tx, next) => [
    ...refusePrefixes('ip_addresses', String(next.ip_addresses)),
    ...(next.perm_vault_backup === true && next.perm_backup !== true
      ? [{ field: 'perm_vault_backup', message: 'This needs the Backup API.' }]
      : []),
    ...(next.perm_configuration_vault_account === true && next.perm_configuration !== true
      ? [{ field: 'perm_configuration_vault_account', message: 'This needs the Configuration API.' }]
      : []),
  ],
  // The first secret is made and forgotten: one that can be read comes from `renewSecret` alone.
  extra: () => ({ client_id: newClientId(), secret_hash: hashSecret(newClientSecret().reveal()) }),
  update: async (tx, before, given) => {
    await updateRow(tx, { kind: apiAccounts }, Number(before.id), given);
    if (given.enabled === false) await endTokens(tx, Number(before.id));
  },
};
