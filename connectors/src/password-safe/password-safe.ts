import { defineConnector } from '@gatehouse/connector-kit';
import { accessPolicies } from './access-policies.ts';
import { apiRegistrations } from './api-registrations.ts';
import { assets } from './assets.ts';
import { check } from './check.ts';
import { createClient } from './client.ts';
import { functionalAccounts } from './functional-accounts.ts';
import { smartGroupRoles } from './grants.ts';
import { managedAccounts, vaultedCredentials } from './managed-accounts.ts';
import { managedSystems } from './managed-systems.ts';
import { roles } from './roles.ts';
import { sessions } from './sessions.ts';
import { addressOf, config } from './settings.ts';
import { setup } from './setup.ts';
import { smartGroupMembers, smartGroupSystems, smartGroups } from './smart-groups.ts';
import { userAudits } from './user-audits.ts';
import { memberships, userGroups } from './user-groups.ts';
import { users } from './users.ts';

/**
 * Password Safe with BeyondInsight, read over its public API: who may take which account, and who did. `also`: one inside
 * the network is read by a collector; the one in the cloud speaks the same API and can be connected directly.
 */
export const passwordSafe = defineConnector({
  id: 'password-safe',
  name: 'Password Safe',
  summary:
    'Users, groups, Smart Groups with their roles, managed systems and accounts, access policies, sessions and audits of BeyondTrust Password Safe.',
  collected: 'also',
  config,
  setup,
  point: ({ url }) => addressOf(url).host,
  notes: ({ url }) => [addressOf(url).note].filter((note) => note !== null),
  app: ({ url }) => ({ program: 'vault', name: 'Password Safe', url: addressOf(url).origin }),
  connect: ({ url, apiKey, runAs, password, certificateAuthorities }, host) =>
    createClient(host, {
      ...{ base: addressOf(url).base, apiKey, runAs, password: password ?? null },
      ...(certificateAuthorities && { certificateAuthorities }),
    }),
  check,
  disconnect: (client) => client.signOut(),
  // In the order in which they are read: who there is, who may do what, what there is, what happened, then what takes long.
  streams: {
    users,
    'user-groups': userGroups,
    'smart-groups': smartGroups,
    roles,
    'access-policies': accessPolicies,
    'api-registrations': apiRegistrations,
    'functional-accounts': functionalAccounts,
    memberships,
    'smart-group-roles': smartGroupRoles,
    'managed-systems': managedSystems,
    'user-audits': userAudits,
    sessions,
    'managed-accounts': managedAccounts,
    'smart-group-members': smartGroupMembers,
    'smart-group-systems': smartGroupSystems,
    'vaulted-credentials': vaultedCredentials,
    assets,
  },
});
