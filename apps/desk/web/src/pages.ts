import { type PageAt, pageAt } from '@gatehouse/ui';

const cases = () => import('./cases/CasesPage.tsx');

export const pages: readonly PageAt[] = [
  pageAt('/', cases, 'CasesPage'),
  pageAt('/cases', cases, 'CasesPage'),
  pageAt('/cases/new', () => import('./cases/NewCasePage.tsx'), 'NewCasePage'),
  pageAt('/cases/$key', () => import('./cases/CasePage.tsx'), 'CasePage'),
  pageAt('/support', () => import('./support/SessionsPage.tsx'), 'SessionsPage'),
  pageAt('/support/$connectionId/$lsid', () => import('./support/DetailPage.tsx'), 'DetailPage'),
  pageAt('/start/$connectionId/$ticket', () => import('./support/StartPage.tsx'), 'StartPage'),
  pageAt('/sites', () => import('./sites/SitesPage.tsx'), 'SitesPage'),
  pageAt('/sites/$siteId', () => import('./sites/SitePage.tsx'), 'SitePage'),
  pageAt('/connections', () => import('./connections/ConnectionsPage.tsx'), 'ConnectionsPage'),
  pageAt('/connections/new', () => import('./connections/NewConnectionPage.tsx'), 'NewConnectionPage'),
  pageAt('/connections/$connectionId', () => import('./connections/ConnectionPage.tsx'), 'ConnectionPage'),
  pageAt('/mail', () => import('./mail/MailPage.tsx'), 'MailPage'),
  pageAt('/events', () => import('./events/EventsPage.tsx'), 'EventsPage'),
  pageAt('/people', () => import('./people/PeoplePage.tsx'), 'PeoplePage'),
  pageAt('/teams', () => import('./teams/TeamsPage.tsx'), 'TeamsPage'),
  pageAt('/teams/$id', () => import('./teams/TeamPage.tsx'), 'TeamPage'),
  pageAt('/fields', () => import('./fields/FieldsPage.tsx'), 'FieldsPage'),
  pageAt('/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
  pageAt('/accounts', () => import('./accounts/AccountsPage.tsx'), 'AccountsPage'),
];
