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
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { NotFound } from './frame/NotFound.tsx';
import { PersonFrame } from './frame/PersonFrame.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignIn });
const welcome = createRoute({ getParentRoute: () => root, path: '/welcome', component: Welcome });
const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ href: '/login' });
  },
});

/** Pages for whoever is signed in. */
const person = createRoute({
  getParentRoute: () => root,
  id: 'person',
  component: PersonFrame,
  notFoundComponent: NotFound,
});
const of = <N extends string>(path: string, load: () => Promise<Record<N, () => React.ReactNode>>, name: N) =>
  createRoute({ getParentRoute: () => person, path, component: lazyRouteComponent(load, name) });

const objects = () => import('./objects/pages.tsx');
const pages = [
  createRoute({ getParentRoute: () => person, path: '/person', component: PersonPage }),
  of('/login', () => import('./status/StatusPage.tsx'), 'StatusPage'),
  of('/login/users', objects, 'UsersPage'),
  of('/login/users/$id', objects, 'UserPage'),
  of('/login/group-policies', objects, 'GroupPoliciesPage'),
  of('/login/group-policies/$id', objects, 'GroupPolicyPage'),
  of('/login/jump-groups', objects, 'JumpGroupsPage'),
  of('/login/jump-groups/$id', objects, 'JumpGroupPage'),
  of('/login/jump-items/$type', objects, 'JumpItemsPage'),
  of('/login/jump-items/$type/$id', objects, 'JumpItemPage'),
  of('/login/jump-policies', objects, 'JumpPoliciesPage'),
  of('/login/jump-policies/$id', objects, 'JumpPolicyPage'),
  of('/login/session-policies', objects, 'SessionPoliciesPage'),
  of('/login/session-policies/$id', objects, 'SessionPolicyPage'),
  of('/login/jump-item-roles', objects, 'JumpItemRolesPage'),
  of('/login/jump-item-roles/$id', objects, 'JumpItemRolePage'),
  of('/login/api', () => import('./accounts/ApiPage.tsx'), 'ApiPage'),
  of('/login/api/$id', () => import('./accounts/AccountPage.tsx'), 'AccountPage'),
  of('/login/security', () => import('./security/SecurityPage.tsx'), 'SecurityPage'),
  of('/login/audit', () => import('./audit/AuditPage.tsx'), 'AuditPage'),
];

export const makeRouter = () =>
  createRouter({
    routeTree: root.addChildren([signIn, welcome, home, person.addChildren(pages)]),
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
