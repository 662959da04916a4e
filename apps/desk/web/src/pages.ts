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
  pageAt('/people', () => import('./people/PeoplePage.tsx'), 'PeoplePage'),
  pageAt('/teams', () => import('./teams/TeamsPage.tsx'), 'TeamsPage'),
  pageAt('/teams/$id', () => import('./teams/TeamPage.tsx'), 'TeamPage'),
  pageAt('/fields', () => import('./fields/FieldsPage.tsx'), 'FieldsPage'),
  pageAt('/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
  pageAt('/accounts', () => import('./accounts/AccountsPage.tsx'), 'AccountsPage'),
];
