/** Every scope that some stream needs; nothing that can change anything. */
export const scopes = [
  'okta.users.read',
  'okta.groups.read',
  'okta.apps.read',
  'okta.roles.read',
  'okta.policies.read',
  'okta.logs.read',
  'okta.idps.read',
  'okta.apiTokens.read',
  'okta.appGrants.read',
  'okta.authenticators.read',
  'okta.networkZones.read',
] as const;

export type Scope = (typeof scopes)[number];

/** What a customer must do for a missing scope, in the words of Okta's console. */
export const grantAdvice = (missing: readonly string[]): string =>
  `Grant ${missing.join(', ')} to the app: in Okta open Applications, the app, the tab “Okta API Scopes”.`;

/** What is missing when Okta answers 403 though the scope is granted: the admin role, which depends on what is read. */
export const roleAdvice = (path: string): string => {
  const where = 'in Okta open Applications, the app, the tab “Admin roles”, “Edit assignments”';
  return isAboutRoles(path)
    ? `Okta does not let the app see roles and who holds them. Assign it the custom role with the permission “View roles, resources, and admin assignments” on all Identity and Access Management resources: ${where}.`
    : `Okta does not let the app read ${subjectOf(path)}. Assign it the role “Read-only Administrator”: ${where}.`;
};

const isAboutRoles = (path: string) => /\/iam\/|\/roles(\/|$)/.test(path);

const subjects: readonly (readonly [RegExp, string])[] = [
  [/\/factors$/, 'the second factors of users'],
  [/\/grants$/, 'the scopes granted to applications'],
  [/\/credentials\//, 'the keys and secrets of applications'],
  [/\/groups\/rules/, 'group rules'],
  [/\/api\/v1\/groups/, 'groups'],
  [/\/api\/v1\/users/, 'users'],
  [/\/api\/v1\/apps/, 'applications'],
  [/\/api\/v1\/logs/, 'the System Log'],
  [/\/api\/v1\/policies/, 'policies'],
  [/\/api\/v1\/idps/, 'identity providers'],
  [/\/api\/v1\/zones/, 'network zones'],
  [/\/api\/v1\/api-tokens/, 'API tokens'],
  [/\/api\/v1\/authenticators/, 'authenticators'],
];

const subjectOf = (path: string) => subjects.find(([pattern]) => pattern.test(path))?.[1] ?? 'this';
