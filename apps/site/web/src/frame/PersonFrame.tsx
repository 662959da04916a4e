import {
  type Crumb,
  CrumbsContext,
  EmptyState,
  ErrorState,
  Logo,
  type NavSection,
  Notice,
  PersonContext,
  PersonPage,
  Problem,
  Shell,
  type Shortcut,
  Shortcuts,
  send,
} from '@gatehouse/ui';
import { Outlet, useLocation, useRouter } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useApi } from '../api/client.ts';
import { paths, type Session } from '../api/paths.ts';
import { nav } from './nav.tsx';

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
      <SignedIn person={person} />
    </PersonContext>
  );
}

const none: readonly NavSection[] = [];

function SignedIn({ person }: { person: NonNullable<Session['person']> }) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  return (
    <CrumbsContext value={setCrumbs}>
      <Shell
        program="Site"
        home="/login"
        apps={[]}
        person={{ name: person.name, email: person.email, href: '/person' }}
        onSignOut={() => {
          void send('POST', '/api/auth/sign-out', {}).finally(() => location.assign('/sign-in'));
        }}
        nav={person.systemAdministrator ? nav : none}
        path={path.replace(/\/$/, '')}
        crumbs={crumbs}
      >
        {person.systemAdministrator ? <Administration /> : path === '/person' ? <Outlet /> : <NoAdministrator />}
      </Shell>
      <PageShortcuts />
    </CrumbsContext>
  );
}

/** The pages, unless the account asks something of its person first: then the page where it is done. */
function Administration() {
  const status = useApi(paths.status);
  const duty = status.error instanceof Problem && status.error.status === 403 ? status.error : null;
  if (duty === null || duty.title === 'Not allowed') return <Outlet />;
  return (
    <>
      <Notice tone="medium" title={duty.title} isUrgent>
        {duty.detail} Then open this page again.
      </Notice>
      <PersonPage />
    </>
  );
}

function NoAdministrator() {
  return (
    <EmptyState icon={<Logo size={28} />} title="You do not administer this site">
      These pages are for its administrators. Your own account is in the menu at the top right.
    </EmptyState>
  );
}

function PageShortcuts() {
  const { history } = useRouter();
  const shortcuts = useMemo<readonly Shortcut[]>(() => {
    const to = (keys: string, title: string, path: string) => ({ keys, title, run: () => history.push(path) });
    return [
      to('g i', 'Go to information', '/login'),
      to('g u', 'Go to users', '/login/users'),
      to('g p', 'Go to group policies', '/login/group-policies'),
      to('g j', 'Go to Jump groups', '/login/jump-groups'),
      to('g a', 'Go to API configuration', '/login/api'),
      to('g l', 'Go to the audit log', '/login/audit'),
    ];
  }, [history]);
  return <Shortcuts shortcuts={shortcuts} />;
}
