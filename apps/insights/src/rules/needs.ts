/** The streams from which the privilege of accounts follows, for rules that ask for it. A test compares them with the registry. */
export const oktaPrivilege = [
  'okta.users',
  'okta.groups',
  'okta.memberships',
  'okta.roles',
  'okta.role-assignments',
] as const;

export const githubPrivilege = [
  'github.members',
  'github.outside-collaborators',
  'github.teams',
  'github.organization-memberships',
  'github.team-memberships',
  'github.built-in-roles',
  'github.organization-roles',
  'github.custom-repository-roles',
  'github.organization-grants',
  'github.organization-role-assignments',
  'github.team-repositories',
  'github.collaborators',
] as const;

export const privilege = [...oktaPrivilege, ...githubPrivilege] as const;
