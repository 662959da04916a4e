import {
  type Crumb,
  CrumbsContext,
  ErrorState,
  PersonContext,
  Problem,
  Shell,
  type Shortcut,
  Shortcuts,
  send,
} from '@gatehouse/ui';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import { useApi } from '../api/client.ts';
import { paths } from '../api/paths.ts';
import type { Session } from '../api/types.ts';
import { navOfAdministrator, navOfPerson } from './nav.tsx';

type Person = NonNullable<Session['person']>;
const AdministratorContext = createContext(false);
/** Whether who is signed in administers the vault. */
export const useIsAdministrator = () => useContext(AdministratorContext);

/** The frame around every page of a person who is signed in; who is not goes to sign in and comes back. */
export function PersonFrame() {
  const session = useApi(paths.session, { every: 300_000 });
  const { history } = useRouter();
  const here = useLocation({ select: ({ href }) => href });
  const isOut = session.data !== undefined && session.data.person === null;
  useEffect(() => {
    // Once: until the page of signing in is there, this frame lives on, and `here` is that page already.
    if (isOut) history.replace(`/sign-in?${new URLSearchParams({ next: here })}`);
  }, [isOut]);
  if (session.error !== null && session.data === undefined)
    return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  const person = session.data?.person ?? null;
  if (person === null) return null;
  return (
    <PersonContext value={person}>
      <AdministratorContext value={person.systemAdministrator}>
        <SignedIn person={person} />
      </AdministratorContext>
    </PersonContext>
  );
}

/** Pages for everybody; all others are for administrators. */
const forEverybody = /^\/(person|lists(\/.*)?)?$/;

function SignedIn({ person }: { person: Person }) {
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/(.)\/$/, '$1') });
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const isAllowed = person.systemAdministrator || forEverybody.test(path);
  return (
    <CrumbsContext value={setCrumbs}>
      <Shell
        program="Vault"
        home="/"
        apps={[]}
        person={{ name: person.name, email: person.email, href: '/person' }}
        onSignOut={() => {
          void send('POST', '/api/auth/sign-out', {}).finally(() => location.assign('/sign-in'));
        }}
        nav={person.systemAdministrator ? navOfAdministrator : navOfPerson}
        path={path}
        crumbs={crumbs}
      >
        {isAllowed ? (
          <Outlet />
        ) : (
          <ErrorState error={new Problem(403, 'Not allowed', 'This page is for administrators of the vault.')} />
        )}
      </Shell>
      <PageShortcuts isAdministrator={person.systemAdministrator} />
    </CrumbsContext>
  );
}

function PageShortcuts({ isAdministrator }: { isAdministrator: boolean }) {
  const { history } = useRouter();
  const shortcuts = useMemo<readonly Shortcut[]>(() => {
    const to = (keys: string, title: string, path: string) => ({ keys, title, run: () => history.push(path) });
    const everybody = [to('g h', 'Go home', '/'), to('g l', 'Go to shared credential lists', '/lists')];
    if (!isAdministrator) return everybody;
    return [
      ...everybody,
      to('g c', 'Go to credentials', '/credentials'),
      to('g s', 'Go to systems', '/systems'),
      to('g j', 'Go to jobs', '/jobs'),
      to('g i', 'Go to identities', '/identities'),
      to('g o', 'Go to check-outs', '/checkouts'),
      to('g a', 'Go to the audit', '/audit'),
    ];
  }, [history, isAdministrator]);
  return <Shortcuts shortcuts={shortcuts} />;
}
