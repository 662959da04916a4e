import {
  type AnyRoute,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  type RouteComponent,
} from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../Page.tsx';
import { ErrorState, LoadingState } from '../states.tsx';
import { LostPage, NotFound } from './NotFound.tsx';
import { PersonPage } from './person/PersonPage.tsx';
import { SignedIn } from './SignedIn.tsx';
import { SignIn } from './SignIn.tsx';
import { parseSearch, stringifySearch } from './search.ts';
import { Welcome } from './Welcome.tsx';

/** A page at an address, and those below it, which it shows where its `Outlet` is. */
export interface PageAt {
  readonly path: string;
  readonly component: RouteComponent;
  readonly below?: readonly PageAt[];
}

/** A page whose code is loaded when it is opened. */
export const pageAt = <N extends string>(
  path: string,
  load: () => Promise<Record<N, () => ReactNode>>,
  name: N,
): PageAt => ({ path, component: lazyRouteComponent(load, name) });

export interface ProgramPages {
  /** The frame of the pages: a `ProgramShell` around an `Outlet`. */
  frame(): ReactNode;
  /** For whoever is signed in; `/person` is there besides. */
  readonly pages: readonly PageAt[];
  /** For everybody, without the frame. */
  readonly open?: readonly PageAt[];
}

export const makeRouter = ({ frame: Frame, pages, open: openPages = [] }: ProgramPages) => {
  const root = createRootRoute({ component: Outlet, notFoundComponent: LostPage });
  const open = [{ path: '/sign-in', component: SignIn }, { path: '/welcome', component: Welcome }, ...openPages];
  const person = createRoute({
    getParentRoute: () => root,
    id: 'person',
    component: () => (
      <SignedIn>
        <Frame />
      </SignedIn>
    ),
    notFoundComponent: NotFound,
  });
  return createRouter({
    routeTree: root.addChildren([
      ...routesBelow(root, open),
      person.addChildren(routesBelow(person, [{ path: '/person', component: PersonPage }, ...pages])),
    ]),
    ...{ parseSearch, stringifySearch },
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
};

const routesBelow = (parent: AnyRoute, pages: readonly PageAt[]): AnyRoute[] =>
  pages.map(({ path, component, below = [] }) => {
    const route: AnyRoute = createRoute({
      getParentRoute: () => parent,
      ...{ path, component },
      ...(below.length > 0 ? { notFoundComponent: NotFound } : {}),
    });
    return below.length > 0 ? route.addChildren(routesBelow(route, below)) : route;
  });
