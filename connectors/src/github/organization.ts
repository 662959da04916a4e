import { empty, type Policy, type Resource } from '@gatehouse/connector-kit';
import { z } from 'zod';
import type { Github } from './client.ts';
import { needs } from './need.ts';
import { amount, flag, id, moment, rawOf, read, text, toDate } from './shapes.ts';

export const Organization = z.object({
  id,
  login: z.string().min(1),
  name: text,
  description: text,
  html_url: text,
  created_at: moment,
  updated_at: moment,
  is_verified: flag,
  public_repos: amount,
  total_private_repos: amount,
  plan: z.object({ name: text, seats: amount, filled_seats: amount }).nullish().catch(null),
  two_factor_requirement_enabled: flag,
  default_repository_permission: text,
  members_can_create_repositories: flag,
  members_can_create_public_repositories: flag,
  members_can_create_private_repositories: flag,
  members_can_create_internal_repositories: flag,
  members_allowed_repository_creation_type: text,
  members_can_create_pages: flag,
  members_can_create_public_pages: flag,
  members_can_fork_private_repositories: flag,
  members_can_invite_outside_collaborators: flag,
  members_can_delete_repositories: flag,
  members_can_change_repo_visibility: flag,
  web_commit_signoff_required: flag,
  advanced_security_enabled_for_new_repositories: flag,
  dependabot_alerts_enabled_for_new_repositories: flag,
  dependabot_security_updates_enabled_for_new_repositories: flag,
  secret_scanning_enabled_for_new_repositories: flag,
  secret_scanning_push_protection_enabled_for_new_repositories: flag,
  deploy_keys_enabled_for_repositories: flag,
});
export type Organization = z.output<typeof Organization>;

export const readOrganization = async (client: Github): Promise<{ organization: Organization; item: unknown }> => {
  const item = await client.get(client.org, needs.members);
  return { organization: read(Organization, item, client.org), item };
};

/**
 * The id of the organization, as a resource and as the group of all its members. A connection has exactly one, so it needs
 * no number. Ids of other resources are `webhook:1`, `runner:1` …; repositories keep GitHub's bare number.
 */
export const organizationId = 'organization';

/**
 * | attribute | means |
 * |---|---|
 * | login, plan, seats, filledSeats | |
 * | publicRepositories, privateRepositories | how many |
 * | isVerified | GitHub verified one of its domains |
 */
export const toOrganization = (found: Organization, item: unknown): Resource => ({
  ...empty('resources'),
  id: organizationId,
  type: 'organization',
  name: found.name ?? found.login,
  description: found.description ?? null,
  status: 'enabled',
  exposure: 'internal',
  createdAt: toDate(found.created_at),
  url: found.html_url ?? null,
  attributes: {
    login: found.login,
    plan: found.plan?.name ?? null,
    seats: found.plan?.seats ?? null,
    filledSeats: found.plan?.filled_seats ?? null,
    publicRepositories: found.public_repos ?? null,
    privateRepositories: found.total_private_repos ?? null,
    isVerified: found.is_verified ?? null,
  },
  raw: rawOf(item, secretOfOrganization),
});

const secretOfOrganization = new Set(['billing_email']);

/** What only GraphQL tells about the organization; every fact is null where it is not told. */
export interface SignIn {
  /** SAML single sign-on is set up. */
  readonly samlEnabled: boolean | null;
  readonly samlIssuer: string | null;
  readonly samlSignOnUrl: string | null;
  readonly ipAllowListEnabled: boolean | null;
  /** GitHub refuses to tell; false where it has nothing to tell, like older servers. */
  readonly isHidden: boolean;
}

const SignInAnswer = z.object({
  organization: z.object({
    samlIdentityProvider: z.object({ issuer: text, ssoUrl: text }).nullish(),
    ipAllowListEnabledSetting: text,
  }),
});

const signInQuery = `query($org: String!) {
  organization(login: $org) { samlIdentityProvider { issuer ssoUrl } ipAllowListEnabledSetting }
}`;

/** A refusal in part answers null for the field, exactly as for a provider that is not there, so then nothing is known. */
export const readSignIn = async (client: Github): Promise<SignIn> => {
  const answer = SignInAnswer.safeParse(await client.graphql(signInQuery, { org: client.installation.organization }));
  if (!answer.success)
    return { samlEnabled: null, samlIssuer: null, samlSignOnUrl: null, ipAllowListEnabled: null, isHidden: false };
  const { samlIdentityProvider: saml, ipAllowListEnabledSetting: allowList } = answer.data.organization;
  return {
    samlEnabled: saml === undefined ? null : saml !== null,
    samlIssuer: saml?.issuer ?? null,
    samlSignOnUrl: saml?.ssoUrl ?? null,
    ipAllowListEnabled: allowList == null ? null : allowList === 'ENABLED',
    isHidden: saml === undefined,
  };
};

/**
 * | setting | means |
 * |---|---|
 * | twoFactorRequired | members must have a second factor (G01) |
 * | defaultRepositoryPermission | none, read, write, admin: what every member may do on every repository (G02) |
 * | samlEnabled, samlIssuer, samlSignOnUrl | single sign-on; an owner without `externalIds` is outside of it (G07) |
 * | ipAllowListEnabled | |
 * | membersCanCreate{,Public,Private,Internal}Repositories, membersCanForkPrivateRepositories, membersCanInviteOutsideCollaborators, membersCanDeleteRepositories, membersCanChangeVisibility, membersCanCreatePages | |
 * | newRepositories | { advancedSecurity, secretScanning, secretScanningPushProtection, dependabotAlerts, dependabotSecurityUpdates } (G10) |
 * | deployKeysAllowed, webCommitSignoffRequired | |
 *
 * All are true, false, or null for unknown.
 */
export const toOrganizationSettings = (found: Organization, signIn: SignIn, item: unknown): Policy => ({
  ...empty('policies'),
  id: 'organization-settings',
  type: 'organization_settings',
  name: `Settings of ${found.login}`,
  status: 'enabled',
  targets: [organizationId],
  settings: {
    twoFactorRequired: found.two_factor_requirement_enabled ?? null,
    defaultRepositoryPermission: found.default_repository_permission ?? null,
    samlEnabled: signIn.samlEnabled,
    samlIssuer: signIn.samlIssuer,
    samlSignOnUrl: signIn.samlSignOnUrl,
    ipAllowListEnabled: signIn.ipAllowListEnabled,
    membersCanCreateRepositories: found.members_can_create_repositories ?? null,
    membersCanCreatePublicRepositories: found.members_can_create_public_repositories ?? null,
    membersCanCreatePrivateRepositories: found.members_can_create_private_repositories ?? null,
    membersCanCreateInternalRepositories: found.members_can_create_internal_repositories ?? null,
    membersCanForkPrivateRepositories: found.members_can_fork_private_repositories ?? null,
    membersCanInviteOutsideCollaborators: found.members_can_invite_outside_collaborators ?? null,
    membersCanDeleteRepositories: found.members_can_delete_repositories ?? null,
    membersCanChangeVisibility: found.members_can_change_repo_visibility ?? null,
    membersCanCreatePages: found.members_can_create_pages ?? null,
    deployKeysAllowed: found.deploy_keys_enabled_for_repositories ?? null,
    webCommitSignoffRequired: found.web_commit_signoff_required ?? null,
    newRepositories: {
      advancedSecurity: found.advanced_security_enabled_for_new_repositories ?? null,
      secretScanning: found.secret_scanning_enabled_for_new_repositories ?? null,
      secretScanningPushProtection: found.secret_scanning_push_protection_enabled_for_new_repositories ?? null,
      dependabotAlerts: found.dependabot_alerts_enabled_for_new_repositories ?? null,
      dependabotSecurityUpdates: found.dependabot_security_updates_enabled_for_new_repositories ?? null,
    },
  },
  raw: rawOf(item, secretOfOrganization),
});
