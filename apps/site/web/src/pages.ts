import { type PageAt, pageAt } from '@gatehouse/ui';

const objects = () => import('./objects/pages.tsx');

export const pages: readonly PageAt[] = [
  pageAt('/console', () => import('./console/ItemsPage.tsx'), 'ItemsPage'),
  pageAt('/console/sessions', () => import('./console/OwnSessionsPage.tsx'), 'OwnSessionsPage'),
  pageAt('/console/sessions/$id', () => import('./console/SessionPage.tsx'), 'SessionPage'),
  pageAt('/console/sessions/$id/replay', () => import('./console/ReplayPage.tsx'), 'ReplayPage'),
  pageAt('/console/support', () => import('./support/SupportPage.tsx'), 'SupportPage'),
  pageAt('/console/support/$lsid', () => import('./support/RoomPage.tsx'), 'RoomPage'),
  pageAt('/console/launch', () => import('./launch/LaunchPage.tsx'), 'LaunchPage'),
  pageAt('/console/support/$lsid/shells/$shell', () => import('./support/ShellReplayPage.tsx'), 'ShellReplayPage'),
  pageAt('/console/jump-clients', () => import('./jump-clients/ReachedPage.tsx'), 'ReachedPage'),
  pageAt('/console/approvals', () => import('./console/ApprovalsPage.tsx'), 'ApprovalsPage'),
  pageAt('/console/$type/$id', () => import('./console/ItemPage.tsx'), 'ItemPage'),
  pageAt('/login', () => import('./status/StatusPage.tsx'), 'FirstPage'),
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
  pageAt('/login/jump-clients', () => import('./jump-clients/JumpClientsPage.tsx'), 'JumpClientsPage'),
  pageAt('/login/jump-clients/$id', () => import('./jump-clients/JumpClientsPage.tsx'), 'JumpClientPage'),
  pageAt('/login/jumpoints', objects, 'JumpointsPage'),
  pageAt('/login/jumpoints/$id', objects, 'JumpointPage'),
  pageAt('/login/host-keys', () => import('./host-keys/HostKeysPage.tsx'), 'HostKeysPage'),
  pageAt('/login/sessions', () => import('./sessions/SessionsPage.tsx'), 'SessionsPage'),
  pageAt('/login/sessions/$id', () => import('./sessions/SessionDetailPage.tsx'), 'SessionDetailPage'),
  pageAt('/login/api', () => import('./accounts/ApiPage.tsx'), 'ApiPage'),
  pageAt('/login/api/$id', () => import('./accounts/AccountPage.tsx'), 'AccountPage'),
  pageAt('/login/security', () => import('./security/SecurityPage.tsx'), 'SecurityPage'),
  pageAt('/login/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];

/** For customers, who sign in nowhere. */
export const openPages: readonly PageAt[] = [pageAt('/', () => import('./portal/PortalPage.tsx'), 'PortalPage')];
