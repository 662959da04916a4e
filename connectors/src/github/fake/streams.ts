import type { Dialect } from '@gatehouse/connector-kit/testing';

/** Which permissions a stream is refused without: GitHub's names. */
export const needsOfStream = (stream: string): readonly string[] =>
  // Its answer is refused as a whole without members, and has no settings without administration.
  stream === 'organization-settings' ? ['members', 'organization_administration'] : [needOf[stream] ?? 'metadata'];

const needOf: Readonly<Record<string, string>> = {
  organization: 'members',
  members: 'members',
  'outside-collaborators': 'members',
  teams: 'members',
  'organization-memberships': 'members',
  'team-memberships': 'members',
  'built-in-roles': 'members',
  'organization-roles': 'organization_custom_org_roles',
  'custom-repository-roles': 'organization_custom_roles',
  'organization-grants': 'members',
  'organization-role-assignments': 'organization_custom_org_roles',
  'team-repositories': 'members',
  collaborators: 'members',
  installations: 'organization_administration',
  'personal-access-tokens': 'organization_personal_access_tokens',
  'personal-access-token-requests': 'organization_personal_access_token_requests',
  'credential-authorizations': 'organization_administration',
  'deploy-keys': 'administration',
  'organization-webhooks': 'organization_hooks',
  'repository-webhooks': 'repository_hooks',
  'branch-protection': 'administration',
  'actions-settings': 'organization_administration',
  'repository-actions-settings': 'administration',
  runners: 'organization_self_hosted_runners',
  'runner-groups': 'organization_self_hosted_runners',
  'organization-secrets': 'organization_secrets',
  environments: 'actions',
  'repository-secrets': 'secrets',
  'environment-secrets': 'environments',
  'audit-log': 'organization_administration',
};

/** Which requests belong to a stream. Several read the same list; then the list belongs to each of them. */
export const streamsOf = (login: string): Dialect['streams'] => {
  const base = '^(?:/api/v3)?';
  const org = `${base}/orgs/${login}`;
  const repo = `${base}/repos/[^/]+/[^/]+`;
  const of = (pattern: string) => new RegExp(pattern);
  return {
    organization: of(`${org}$`),
    'organization-settings': of(`${org}$`),
    'built-in-roles': of(`${org}$`),
    members: of(`${org}/members\\?`),
    'organization-memberships': of(`${org}/members\\?role`),
    'organization-grants': of(`${org}(?:$|/members\\?role=admin)`),
    'outside-collaborators': of(`${org}/outside_collaborators`),
    teams: of(`${org}/teams\\?`),
    'team-memberships': of(`${org}/teams/[^/]+/members`),
    'team-repositories': of(`${org}/teams/[^/]+/repos`),
    'organization-roles': of(`${org}/organization-roles\\?`),
    'organization-role-assignments': of(`${org}/organization-roles/`),
    'custom-repository-roles': of(`${org}/custom-repository-roles`),
    installations: of(`${org}/installations`),
    'personal-access-tokens': of(`${org}/personal-access-tokens`),
    'personal-access-token-requests': of(`${org}/personal-access-token-requests`),
    'credential-authorizations': of(`${org}/credential-authorizations`),
    'organization-webhooks': of(`${org}/hooks`),
    'actions-settings': of(`${org}/actions/(?:permissions|oidc)`),
    runners: of(`${org}/actions/runners`),
    'runner-groups': of(`${org}/actions/runner-groups`),
    'organization-secrets': of(`${org}/actions/secrets`),
    'audit-log': of(`${org}/audit-log`),
    repositories: of(`(?:${org}/repos|${base}/installation/repositories)\\?`),
    collaborators: of(`${repo}/collaborators`),
    'deploy-keys': of(`${repo}/keys`),
    'repository-webhooks': of(`${repo}/hooks`),
    'branch-protection': of(`${repo}/branches/`),
    rulesets: of(`${repo}/rulesets`),
    'repository-actions-settings': of(`${repo}/actions/permissions`),
    'repository-secrets': of(`${repo}/actions/secrets`),
    environments: of(`${repo}/environments(?:\\?|$)`),
    'environment-secrets': of(`${repo}/environments/`),
  };
};
