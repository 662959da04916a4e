import { type PageAt, pageAt } from '@gatehouse/ui';

const objects = () => import('./objects/pages.tsx');

export const pages: readonly PageAt[] = [
  pageAt('/console', () => import('./console/ItemsPage.tsx'), 'ItemsPage'),
  pageAt('/console/sessions', () => import('./console/OwnSessionsPage.tsx'), 'OwnSessionsPage'),
  pageAt('/console/sessions/$id', () => import('./console/SessionPage.tsx'), 'SessionPage'),
  pageAt('/console/sessions/$id/replay', () => import('./console/ReplayPage.tsx'), 'ReplayPage'),
  pageAt('/console/support', () => import('./support/SupportPage.tsx'), 'SupportPage'),
  pageAt('/console/support/$lsid', () => import('./support/RoomPage.tsx'), 'RoomPage'),
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
  pageAt('/login/host-keys', () => import('./host-keys/HostKeysPage.tsx'), 'HostKeysPage'),
  pageAt('/login/sessions', () => import('./sessions/SessionsPage.tsx'), 'SessionsPage'),
  pageAt('/login/sessions/$id', () => import('./sessions/SessionDetailPage.tsx'), 'SessionDetailPage'),
  pageAt('/login/support-sessions', () => import('./support-sessions/SupportSessionsPage.tsx'), 'SupportSessionsPage'),
  pageAt(
    '/login/support-sessions/$id',
    () => import('./support-sessions/SupportSessionPage.tsx'),
    'SupportSessionPage',
  ),
  pageAt('/login/session-keys', () => import('./session-keys/SessionKeysPage.tsx'), 'SessionKeysPage'),
  pageAt('/login/api', () => import('./accounts/ApiPage.tsx'), 'ApiPage'),
  pageAt('/login/api/$id', () => import('./accounts/AccountPage.tsx'), 'AccountPage'),
  pageAt('/login/outbound-events', () => import('./outbound-events/OutboundPage.tsx'), 'OutboundPage'),
  pageAt('/login/outbound-events/alerts', () => import('./outbound-events/OutboundPage.tsx'), 'AlertsPage'),
  pageAt('/login/outbound-events/$id', () => import('./outbound-events/RecipientPage.tsx'), 'RecipientPage'),
  pageAt(
    '/login/outbound-events/$id/deliveries',
    () => import('./outbound-events/DeliveriesPage.tsx'),
    'DeliveriesPage',
  ),
  pageAt('/login/security', () => import('./security/SecurityPage.tsx'), 'SecurityPage'),
  pageAt('/login/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];

/** For customers, who sign in nowhere. */
export const openPages: readonly PageAt[] = [pageAt('/', () => import('./portal/PortalPage.tsx'), 'PortalPage')];
