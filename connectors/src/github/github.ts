import { defineConnector, stream } from '@gatehouse/connector-kit';
import { actionsSettings, repositoryActionsSettings, runnerGroups, runners } from './actions.ts';
import { auditLog } from './audit-log.ts';
import { check } from './check.ts';
import { createGithub, type Github } from './client.ts';
import { deployKeys } from './deploy-keys.ts';
import { credentialAuthorizations, installations, tokenRequests, tokens } from './installations.ts';
import { members, organizationGrants, organizationMemberships, outsideCollaborators } from './members.ts';
import { needs, wordsOf } from './need.ts';
import { readOrganization, readSignIn, toOrganization, toOrganizationSettings } from './organization.ts';
import { branchProtection } from './protection.ts';
import { once } from './reading.ts';
import { repositories } from './repositories.ts';
import {
  builtInRoles,
  collaborators,
  customRepositoryRoles,
  organizationRoleAssignments,
  organizationRoles,
} from './roles.ts';
import { rulesets } from './rulesets.ts';
import { environmentSecrets, environments, organizationSecrets, repositorySecrets } from './secrets.ts';
import { settings } from './settings.ts';
import { setup } from './setup.ts';
import { teamMemberships, teamRepositories, teams } from './teams.ts';
import { organizationWebhooks, repositoryWebhooks } from './webhooks.ts';

export { type Installation, parseInstallationUrl } from './installation-url.ts';

const organization = stream<Github, 'resources'>({
  record: 'resources',
  title: 'Organization',
  needs: wordsOf(needs.members),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client) =>
    once(async () => {
      const { organization, item } = await readOrganization(client);
      return [toOrganization(organization, item)];
    }, needs.members),
});

const organizationSettings = stream<Github, 'policies'>({
  record: 'policies',
  title: 'Organization settings',
  needs: wordsOf(needs.administration),
  reading: { mode: 'full' },
  everyMs: 3_600_000,
  read: (client) =>
    once(async () => {
      const { organization, item } = await readOrganization(client);
      return [toOrganizationSettings(organization, await readSignIn(client), item)];
    }, needs.administration),
});

/** One organization on GitHub, GitHub Enterprise Cloud or GitHub Enterprise Server, read by an app installed on it. */
export const github = defineConnector({
  id: 'github',
  name: 'GitHub',
  summary: 'Members, teams, repositories, apps, tokens, protection and the audit log of a GitHub organization.',
  config: settings,
  setup,
  point: ({ installationUrl: { host, organization } }) => `${host}/${organization}`,
  connect: createGithub,
  check,
  streams: {
    organization,
    'organization-settings': organizationSettings,
    members,
    'outside-collaborators': outsideCollaborators,
    teams,
    'organization-memberships': organizationMemberships,
    'team-memberships': teamMemberships,
    'built-in-roles': builtInRoles,
    'organization-roles': organizationRoles,
    'custom-repository-roles': customRepositoryRoles,
    repositories,
    'organization-grants': organizationGrants,
    'organization-role-assignments': organizationRoleAssignments,
    'team-repositories': teamRepositories,
    collaborators,
    installations,
    'personal-access-tokens': tokens,
    'personal-access-token-requests': tokenRequests,
    'credential-authorizations': credentialAuthorizations,
    'deploy-keys': deployKeys,
    'organization-webhooks': organizationWebhooks,
    'repository-webhooks': repositoryWebhooks,
    rulesets,
    'branch-protection': branchProtection,
    'actions-settings': actionsSettings,
    'repository-actions-settings': repositoryActionsSettings,
    runners,
    'runner-groups': runnerGroups,
    'organization-secrets': organizationSecrets,
    environments,
    'repository-secrets': repositorySecrets,
    'environment-secrets': environmentSecrets,
    'audit-log': auditLog,
  },
});
