import { type PageAt, pageAt } from '@gatehouse/ui';
import { TenantFrame } from './frame/TenantFrame.tsx';

const pagesOfTenant: readonly PageAt[] = [
  pageAt('/', () => import('./dashboard/DashboardPage.tsx'), 'DashboardPage'),
  pageAt('/connections', () => import('./connections/ConfiguredPage.tsx'), 'ConfiguredPage'),
  pageAt('/connections/available', () => import('./connections/AvailablePage.tsx'), 'AvailablePage'),
  pageAt('/connections/new/$connector', () => import('./connections/WizardPage.tsx'), 'WizardPage'),
  pageAt('/connections/$connectionId', () => import('./connections/ConnectionPage.tsx'), 'ConnectionPage'),
  pageAt('/connections/$connectionId/settings', () => import('./connections/ConnectionPage.tsx'), 'SettingsTab'),
  pageAt('/connections/$connectionId/activity', () => import('./connections/ConnectionPage.tsx'), 'ActivityTab'),
  pageAt('/inventory/$kind', () => import('./inventory/ListPage.tsx'), 'ListPage'),
  pageAt('/inventory/$kind/record', () => import('./inventory/RecordPage.tsx'), 'RecordPage'),
  pageAt('/identities/$identityId', () => import('./identities/IdentityPage.tsx'), 'IdentityPage'),
  pageAt('/recommendations', () => import('./findings/RecommendationsPage.tsx'), 'RecommendationsPage'),
  pageAt('/recommendations/$ruleId', () => import('./findings/RulePage.tsx'), 'RulePage'),
  pageAt('/findings', () => import('./findings/FindingsPage.tsx'), 'FindingsPage'),
  pageAt('/findings/$findingId', () => import('./findings/FindingPage.tsx'), 'FindingPage'),
  pageAt('/settings', () => import('./tenants/SettingsPage.tsx'), 'SettingsPage'),
  pageAt('/people', () => import('./tenants/PeoplePage.tsx'), 'PeoplePage'),
  pageAt('/webhooks', () => import('./webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
  pageAt('/webhooks/$webhookId', () => import('./webhooks/WebhookPage.tsx'), 'WebhookPage'),
  pageAt('/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];

export const pages: readonly PageAt[] = [
  pageAt('/', () => import('./tenants/Home.tsx'), 'Home'),
  { path: '/tenants/$tenantId', component: TenantFrame, below: pagesOfTenant },
];
