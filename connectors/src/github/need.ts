import { Fault } from '@gatehouse/kernel';

/** A permission of the app that a stream needs. The key is GitHub's own, as in the answer to a token request. */
export interface Need {
  readonly key: string;
  readonly level: 'organization' | 'repository';
  /** As GitHub's page for permissions calls it. */
  readonly name: string;
  /** What stops without it, for the words of a caveat: "members and their roles". */
  readonly opens: string;
  /** Only some plans have what this opens; elsewhere GitHub answers 404 or 403 although the permission is held. */
  readonly plan?: 'GitHub Enterprise Cloud or Server';
}

const organization = (key: string, name: string, opens: string): Need => ({ key, level: 'organization', name, opens });
const repository = (key: string, name: string, opens: string): Need => ({ key, level: 'repository', name, opens });

/** Every permission the connector asks for, all of them read-only. The wizard, the caveats and the faults derive from this. */
export const needs = {
  members: organization('members', 'Members', 'members, teams and collaborators'),
  administration: organization(
    'organization_administration',
    'Administration',
    'organization settings, installed apps, single sign-on identities and the audit log',
  ),
  organizationRoles: organization('organization_custom_org_roles', 'Custom organization roles', 'organization roles'),
  repositoryRoles: organization('organization_custom_roles', 'Custom repository roles', 'custom repository roles'),
  tokens: organization('organization_personal_access_tokens', 'Personal access tokens', 'fine-grained tokens'),
  tokenRequests: organization(
    'organization_personal_access_token_requests',
    'Personal access token requests',
    'requests for fine-grained tokens',
  ),
  organizationSecrets: organization('organization_secrets', 'Secrets', 'names and dates of organization secrets'),
  runners: organization('organization_self_hosted_runners', 'Self-hosted runners', 'runners and runner groups'),
  organizationWebhooks: organization('organization_hooks', 'Webhooks', 'organization webhooks'),
  metadata: repository('metadata', 'Metadata', 'repositories and rulesets'),
  repositoryAdministration: repository(
    'administration',
    'Administration',
    'deploy keys, branch protection and security features of repositories',
  ),
  actions: repository('actions', 'Actions', 'environments'),
  environments: repository('environments', 'Environments', 'names and dates of environment secrets'),
  secrets: repository('secrets', 'Secrets', 'names and dates of repository secrets'),
  repositoryWebhooks: repository('repository_hooks', 'Webhooks', 'repository webhooks'),
} as const satisfies Readonly<Record<string, Need>>;

/** "the organization permission Members (read-only)" */
export const wordsOf = (need: Need): string => `the ${need.level} permission ${need.name} (read-only)`;

/** The fault of a read that GitHub refuses although the app itself is right. */
export const missing = (need: Need, pageUrl: string, detail: string): Fault =>
  new Fault(
    'forbidden',
    `Grant the ${need.level} permission ${need.name}: read-only in the settings of the app, then accept it on the installation page ${pageUrl}.`,
    detail,
  );

/** Null when GitHub did not say which permissions it granted. */
export type Permissions = Readonly<Record<string, string>> | null;

/** Unknown permissions count as held: the request itself will tell. */
export const holds = (permissions: Permissions, need: Need): boolean =>
  permissions === null || permissions[need.key] !== undefined;
