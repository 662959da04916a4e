import { type PageAt, pageAt } from '@gatehouse/ui';

const objects = () => import('./objects/pages.tsx');

export const pages: readonly PageAt[] = [
  pageAt('/login', () => import('./status/StatusPage.tsx'), 'StatusPage'),
  pageAt('/login/users', objects, 'UsersPage'),
  pageAt('/login/users/$id', objects, 'UserPage'),
  pageAt('/login/group-policies', objects, 'GroupPoliciesPage'),
  pageAt('/login/group-policies/$id', objects, 'GroupPolicyPage'),
  pageAt('/login/jump-groups', objects, 'JumpGroupsPage'),
  pageAt('/login/jump-groups/$id', objects, 'JumpGroupPage'),
  pageAt('/login/jump-items/$type', objects, 'JumpItemsPage'),
  pageAt('/login/jump-items/$type/$id', objects, 'JumpItemPage'),
  pageAt('/login/jump-policies', objects, 'JumpPoliciesPage'),
  pageAt('/login/jump-policies/$id', objects, 'JumpPolicyPage'),
  pageAt('/login/session-policies', objects, 'SessionPoliciesPage'),
  pageAt('/login/session-policies/$id', objects, 'SessionPolicyPage'),
  pageAt('/login/jump-item-roles', objects, 'JumpItemRolesPage'),
  pageAt('/login/jump-item-roles/$id', objects, 'JumpItemRolePage'),
  pageAt('/login/api', () => import('./accounts/ApiPage.tsx'), 'ApiPage'),
  pageAt('/login/api/$id', () => import('./accounts/AccountPage.tsx'), 'AccountPage'),
  pageAt('/login/security', () => import('./security/SecurityPage.tsx'), 'SecurityPage'),
  pageAt('/login/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];
