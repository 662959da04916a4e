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
import { NotFound } from './frame/NotFound.tsx';
import { PersonFrame } from './frame/PersonFrame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignIn });
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: Welcome });

/** Pages for whoever is signed in. */
const person = createRoute({
  getParentRoute: () => root,
  id: 'person',
  component: PersonFrame,
  notFoundComponent: NotFound,
});
const of = <N extends string>(path: string, load: () => Promise<Record<N, () => React.ReactNode>>, name: N) =>
  createRoute({ getParentRoute: () => person, path, component: lazyRouteComponent(load, name) });

const pages = [
  createRoute({ getParentRoute: () => person, path: '/person', component: PersonPage }),
  of('/', () => import('./home/HomePage.tsx'), 'HomePage'),
  of('/credentials', () => import('./credentials/CredentialsPage.tsx'), 'CredentialsPage'),
  of('/credentials/new', () => import('./credentials/NewCredentialPage.tsx'), 'NewCredentialPage'),
  of('/credentials/import', () => import('./credentials/ImportPage.tsx'), 'ImportPage'),
  of('/credentials/$id', () => import('./credentials/CredentialPage.tsx'), 'CredentialPage'),
  of('/systems', () => import('./systems/SystemsPage.tsx'), 'SystemsPage'),
  of('/systems/new', () => import('./systems/SystemPage.tsx'), 'NewSystemPage'),
  of('/systems/$id', () => import('./systems/SystemPage.tsx'), 'SystemPage'),
  of('/sets', () => import('./systems/SetsPage.tsx'), 'SetsPage'),
  of('/sets/$id', () => import('./systems/SetPage.tsx'), 'SetPage'),
  of('/jobs', () => import('./jobs/JobsPage.tsx'), 'JobsPage'),
  of('/jobs/templates', () => import('./jobs/TemplatesPage.tsx'), 'TemplatesPage'),
  of('/jobs/new', () => import('./jobs/NewJobPage.tsx'), 'NewJobPage'),
  of('/jobs/$id', () => import('./jobs/JobPage.tsx'), 'JobPage'),
  of('/lists', () => import('./lists/ListsPage.tsx'), 'ListsPage'),
  of('/lists/$id', () => import('./lists/ListPage.tsx'), 'ListPage'),
  of('/policies', () => import('./policies/PoliciesPage.tsx'), 'PoliciesPage'),
  of('/policies/new', () => import('./policies/PolicyPage.tsx'), 'NewPolicyPage'),
  of('/policies/$id', () => import('./policies/PolicyPage.tsx'), 'PolicyPage'),
  of('/platforms', () => import('./platforms/PlatformsPage.tsx'), 'PlatformsPage'),
  of('/platforms/new', () => import('./platforms/PlatformPage.tsx'), 'NewPlatformPage'),
  of('/platforms/$id', () => import('./platforms/PlatformPage.tsx'), 'PlatformPage'),
  of('/identities', () => import('./delegation/IdentitiesPage.tsx'), 'IdentitiesPage'),
  of('/identities/$id', () => import('./delegation/IdentityPage.tsx'), 'IdentityPage'),
  of('/rights', () => import('./delegation/RightsPage.tsx'), 'RightsPage'),
  of('/permissions', () => import('./delegation/PermissionsPage.tsx'), 'PermissionsPage'),
  of('/impersonations', () => import('./delegation/ImpersonationsPage.tsx'), 'ImpersonationsPage'),
  of('/registrations', () => import('./delegation/RegistrationsPage.tsx'), 'RegistrationsPage'),
  of('/domains', () => import('./delegation/DomainsPage.tsx'), 'DomainsPage'),
  of('/domains/$id', () => import('./delegation/DomainPage.tsx'), 'DomainPage'),
  of('/people', () => import('./people/PeoplePage.tsx'), 'PeoplePage'),
  of('/requests', () => import('./requests/RequestsPage.tsx'), 'RequestsPage'),
  of('/checkouts', () => import('./requests/CheckoutsPage.tsx'), 'CheckoutsPage'),
  of('/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
  of('/audit/receivers', () => import('./audit/ReceiversPage.tsx'), 'ReceiversPage'),
  of('/audit/receivers/$id', () => import('./audit/ReceiverPage.tsx'), 'ReceiverPage'),
  of('/audit/errand/$id', () => import('./audit/ErrandPage.tsx'), 'ErrandPage'),
];

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([signIn, welcome, person.addChildren(pages)]),
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
