import { type Privilege, privileges } from '@gatehouse/connector-kit';

/**
 * How much each thing lets its holder do.
 *
 * | holder of | privilege |
 * |---|---|
 * | organization owner; admin of every repository | highest |
 * | admin of one repository | high |
 * | maintain, write | moderate |
 * | triage, read, member | low |
 * | app or token that can make owners: write on organization administration, members or organization roles | highest |
 * | app or token that writes administration, contents, workflows, actions, secrets or environments, on all repositories | high |
 * | the same on some repositories, or any other write | moderate |
 * | app or token that only reads | low |
 */
export const repositoryPrivilege: Readonly<Record<string, Privilege>> = {
  admin: 'high',
  maintain: 'moderate',
  write: 'moderate',
  push: 'moderate',
  triage: 'low',
  read: 'low',
  pull: 'low',
  none: 'none',
};

/** A role of one repository by its name, or by what GitHub says that its holder may do where the role is a custom one. */
export const privilegeOfRole = (role: string | null, may: RepositoryFlags | null): Privilege | null => {
  const known = role === null ? undefined : repositoryPrivilege[role];
  if (known !== undefined) return known;
  const flag = flagOf(may);
  return flag === null ? null : (repositoryPrivilege[flag] ?? null);
};

export interface RepositoryFlags {
  readonly admin: boolean;
  readonly maintain: boolean;
  readonly push: boolean;
  readonly triage: boolean;
  readonly pull: boolean;
}

/** The highest of the flags; null when none is set. */
export const flagOf = (may: RepositoryFlags | null): string | null => {
  if (may?.admin) return 'admin';
  if (may?.maintain) return 'maintain';
  if (may?.push) return 'write';
  if (may?.triage) return 'triage';
  return may?.pull ? 'read' : null;
};

/** The same role on every repository of the organization weighs more: who administers all of them owns the code. */
export const everywhere = (privilege: Privilege | null): Privilege | null =>
  privilege === 'high' ? 'highest' : privilege;

/** What an app or a fine-grained token with these permissions can do. */
export const privilegeOfPermissions = (permissions: Readonly<Record<string, string>>, onAll: boolean): Privilege => {
  let level: Privilege = 'none';
  for (const [name, access] of Object.entries(permissions)) {
    if (access !== 'write' && access !== 'admin') level = higher(level, 'low');
    else if (makesOwners.has(name)) return 'highest';
    else level = higher(level, ownsCode.has(name) && onAll ? 'high' : 'moderate');
  }
  return level;
};

export const higher = (a: Privilege, b: Privilege): Privilege =>
  privileges.indexOf(a) < privileges.indexOf(b) ? b : a;

/** Names as apps have them; fine-grained tokens say `administration` and `custom_org_roles` without `organization_`. */
const makesOwners = new Set(['organization_administration', 'members', 'organization_custom_org_roles']);

const ownsCode = new Set([
  'administration',
  'contents',
  'workflows',
  'actions',
  'secrets',
  'environments',
  'organization_secrets',
  'organization_self_hosted_runners',
  'organization_hooks',
]);

/** What a custom role of the organization can do, by GitHub's names of its permissions. */
export const privilegeOfCustomRole = (
  baseRole: string | null,
  permissions: readonly string[],
  onAll: boolean,
): Privilege => {
  const base = baseRole === null ? 'none' : (repositoryPrivilege[baseRole] ?? 'low');
  let level = onAll ? (everywhere(base) ?? 'none') : base;
  for (const name of permissions) {
    if (name === 'write_organization_custom_org_role') return 'highest';
    if (rulesOfProtection.has(name) || /^(?:write_organization|manage_organization)_/.test(name))
      level = higher(level, 'high');
    else level = higher(level, /^(?:read|view)_/.test(name) ? 'low' : 'moderate');
  }
  return level;
};

/** Permissions that undo what protects a repository. */
const rulesOfProtection = new Set([
  'bypass_branch_protection',
  'edit_repo_protections',
  'manage_deploy_keys',
  'manage_webhooks',
  'push_protected_branch',
  'write_organization_ref_rules',
  'org_bypass_secret_scanning_closure_requests',
]);
