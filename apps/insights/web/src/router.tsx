import {
  ErrorState,
  LoadingState,
  Page,
  PersonPage,
  parseSearch,
  SignIn,
  stringifySearch,
  Welcome,
} from '@gatehouse/ui';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { LostPage, NotFound } from './frame/NotFound.tsx';
import { PersonFrame } from './frame/PersonFrame.tsx';
import { TenantFrame } from './frame/TenantFrame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: LostPage });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: SignIn,
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: Welcome,
});

/** Pages for whoever is signed in. */
const person = createRoute({
  getParentRoute: () => root,
  id: 'person',
  component: PersonFrame,
  notFoundComponent: NotFound,
});
const home = createRoute({
  getParentRoute: () => person,
  path: '/',
  component: lazyRouteComponent(() => import('./tenants/Home.tsx'), 'Home'),
});
const account = createRoute({
  getParentRoute: () => person,
  path: '/person',
  component: PersonPage,
});

/** Pages of one tenant. */
const tenant = createRoute({
  getParentRoute: () => person,
  path: '/tenants/$tenantId',
  component: TenantFrame,
  notFoundComponent: NotFound,
});

const of = <N extends string>(path: string, load: () => Promise<Record<N, () => React.ReactNode>>, name: N) =>
  createRoute({ getParentRoute: () => tenant, path, component: lazyRouteComponent(load, name) });

const tenantPages = [
  of('/', () => import('./dashboard/DashboardPage.tsx'), 'DashboardPage'),
  of('/connections', () => import('./connections/ConfiguredPage.tsx'), 'ConfiguredPage'),
  of('/connections/available', () => import('./connections/AvailablePage.tsx'), 'AvailablePage'),
  of('/connections/new/$connector', () => import('./connections/WizardPage.tsx'), 'WizardPage'),
  of('/connections/$connectionId', () => import('./connections/ConnectionPage.tsx'), 'ConnectionPage'),
  of('/connections/$connectionId/settings', () => import('./connections/ConnectionPage.tsx'), 'SettingsTab'),
  of('/connections/$connectionId/activity', () => import('./connections/ConnectionPage.tsx'), 'ActivityTab'),
  of('/inventory/$kind', () => import('./inventory/ListPage.tsx'), 'ListPage'),
  of('/inventory/$kind/record', () => import('./inventory/RecordPage.tsx'), 'RecordPage'),
  of('/identities/$identityId', () => import('./identities/IdentityPage.tsx'), 'IdentityPage'),
  of('/recommendations', () => import('./findings/RecommendationsPage.tsx'), 'RecommendationsPage'),
  of('/recommendations/$ruleId', () => import('./findings/RulePage.tsx'), 'RulePage'),
  of('/findings', () => import('./findings/FindingsPage.tsx'), 'FindingsPage'),
  of('/findings/$findingId', () => import('./findings/FindingPage.tsx'), 'FindingPage'),
  of('/settings', () => import('./tenants/SettingsPage.tsx'), 'SettingsPage'),
  of('/people', () => import('./tenants/PeoplePage.tsx'), 'PeoplePage'),
  of('/webhooks', () => import('./webhooks/WebhooksPage.tsx'), 'WebhooksPage'),
  of('/webhooks/$webhookId', () => import('./webhooks/WebhookPage.tsx'), 'WebhookPage'),
  of('/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([
      signIn,
      welcome,
      person.addChildren([home, account, tenant.addChildren(tenantPages)]),
    ]),
    parseSearch,
    stringifySearch,
    scrollRestoration: true,
    defaultPendingMs: 150,
    defaultPendingComponent: LoadingState,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: ({ error, reset }) => (
      <Page title="Something went wrong">
        <ErrorState error={error} onRetry={reset} />
      </Page>
    ),
  });
