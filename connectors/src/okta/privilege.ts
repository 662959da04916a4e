import { type Privilege, privileges } from '@gatehouse/connector-kit';

/** A standard administrator role of Okta. */
export interface BuiltinRole {
  readonly type: string;
  readonly name: string;
  readonly description: string;
  readonly privilege: Privilege;
}

/**
 * What each standard role can do at worst. `high` can take over accounts or applications, or change who may do what;
 * `highest` can make itself anything.
 */
export const builtinRoles: readonly BuiltinRole[] = [
  {
    type: 'SUPER_ADMIN',
    name: 'Super Administrator',
    description: 'Everything, including making other administrators.',
    privilege: 'highest',
  },
  {
    type: 'ORG_ADMIN',
    name: 'Organization Administrator',
    description: 'Users, groups, policies and settings of the organisation; not administrators.',
    privilege: 'high',
  },
  {
    type: 'APP_ADMIN',
    name: 'Application Administrator',
    description: 'Applications, their settings, secrets and assignments.',
    privilege: 'high',
  },
  {
    type: 'API_ACCESS_MANAGEMENT_ADMIN',
    name: 'API Access Management Administrator',
    description: 'Authorization servers, scopes, claims and OAuth clients.',
    privilege: 'high',
  },
  {
    type: 'USER_ADMIN',
    name: 'Group Administrator',
    description: 'Users of its groups: profiles, passwords, second factors, memberships.',
    privilege: 'high',
  },
  {
    type: 'GROUP_MEMBERSHIP_ADMIN',
    name: 'Group Membership Administrator',
    description: 'Members of its groups.',
    privilege: 'moderate',
  },
  {
    type: 'HELP_DESK_ADMIN',
    name: 'Help Desk Administrator',
    description: 'Resets passwords and second factors of users who are no administrators.',
    privilege: 'moderate',
  },
  { type: 'MOBILE_ADMIN', name: 'Mobile Administrator', description: 'Mobile devices.', privilege: 'moderate' },
  {
    type: 'WORKFLOWS_ADMIN',
    name: 'Workflows Administrator',
    description: 'Workflows, which act with the connections they hold.',
    privilege: 'high',
  },
  {
    type: 'ACCESS_CERTIFICATIONS_ADMIN',
    name: 'Access Certifications Administrator',
    description: 'Campaigns that review and take away access.',
    privilege: 'moderate',
  },
  {
    type: 'ACCESS_REQUESTS_ADMIN',
    name: 'Access Requests Administrator',
    description: 'Who may request which access, and who approves it.',
    privilege: 'high',
  },
  { type: 'READ_ONLY_ADMIN', name: 'Read-only Administrator', description: 'Sees everything.', privilege: 'low' },
  { type: 'REPORT_ADMIN', name: 'Report Administrator', description: 'Reports and the System Log.', privilege: 'low' },
];

const byType = new Map(builtinRoles.map((role) => [role.type, role.privilege]));

/** A standard role that this table does not know yet is undetermined (null), not harmless. */
export const privilegeOfRole = (type: string): Privilege | null => byType.get(type) ?? null;

/**
 * Permissions of custom roles; the first pattern that matches counts. Who sets credentials of others can become them;
 * who manages applications can read their secrets and sign in as their users.
 */
const permissions: readonly (readonly [RegExp, Privilege])[] = [
  [/^okta\.(iam|roles)\.manage$/, 'highest'],
  [/^okta\.users\.(manage|credentials\.(manage|resetPassword|resetFactors|manageTemporaryAccessCode))$/, 'high'],
  [/^okta\.(apps|authzServers|identityProviders|idps|policies|directories)\.manage$/, 'high'],
  // Reading the secret of a client is being that client.
  [/^okta\.apps\.clientCredentials\.read$/, 'high'],
  [/\.read$/, 'low'],
];

/** A permission that this table does not name changes something: moderate. */
export const privilegeOfPermissions = (labels: readonly string[]): Privilege =>
  strongest(labels.map((label) => permissions.find(([pattern]) => pattern.test(label))?.[1] ?? 'moderate'));

/** Scopes that let their holder change who may do what, or become others. */
const strongScopes =
  /^okta\.(roles|users|apps|policies|idps|authenticators|authorizationServers|clients|apiTokens|appGrants|orgs|sessions|factors|identitySources|inlineHooks|oauthIntegrations)\.manage$/;

/**
 * A scope of Okta's API. It bounds what the admin roles of the client allow, so a scope alone reaches `high` at most;
 * who may change roles is held to be able to do everything.
 */
export const privilegeOfScope = (scope: string): Privilege => {
  if (scope === 'okta.roles.manage') return 'highest';
  if (strongScopes.test(scope)) return 'high';
  if (scope.endsWith('.manage')) return 'moderate';
  return scope.startsWith('okta.') ? 'low' : 'none';
};

const strongest = (levels: readonly Privilege[]): Privilege =>
  privileges[Math.max(0, ...levels.map((level) => privileges.indexOf(level)))] ?? 'none';
