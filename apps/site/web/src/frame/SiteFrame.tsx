import {
  EmptyState,
  Logo,
  type NavSection,
  Notice,
  PersonPage,
  Problem,
  ProgramShell,
  useApi,
  usePerson,
  useShownPath,
  type WayByKeys,
} from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { paths } from '../api/paths.ts';
import { consoleNav, nav, toAdministration } from './nav.tsx';

export function SiteFrame() {
  const path = useShownPath();
  const { systemAdministrator } = usePerson();
  return (
    <ProgramShell
      nav={navOf(path, systemAdministrator)}
      shortcuts={systemAdministrator ? [...ways, ...waysOfAdministrator] : ways}
    >
      <Dutiful>{systemAdministrator || forEverybody.test(path) ? <Outlet /> : <NoAdministrator />}</Dutiful>
    </ProgramShell>
  );
}

/** `/login` itself leads everybody else to the console. */
const forEverybody = /^\/(person$|login$|console(\/|$))/;
/** A live session has all of the window. */
const aSession = /^\/console\/(sessions|support)\/[^/]+$/;
const none: readonly NavSection[] = [];

const navOf = (path: string, isAdministrator: boolean): readonly NavSection[] => {
  if (aSession.test(path)) return none;
  if (!isAdministrator) return consoleNav;
  return path.startsWith('/console') ? [...consoleNav, toAdministration] : nav;
};

const ways: readonly WayByKeys[] = [
  ['g c', 'Go to the console', '/console'],
  ['g s', 'Go to your sessions', '/console/sessions'],
  ['g q', 'Go to remote support', '/console/support'],
];
const waysOfAdministrator: readonly WayByKeys[] = [
  ['g i', 'Go to information', '/login'],
  ['g u', 'Go to users', '/login/users'],
  ['g p', 'Go to group policies', '/login/group-policies'],
  ['g j', 'Go to Jump groups', '/login/jump-groups'],
  ['g r', 'Go to the report of sessions', '/login/sessions'],
  ['g h', 'Go to the report of support sessions', '/login/support-sessions'],
  ['g a', 'Go to API configuration', '/login/api'],
  ['g l', 'Go to the audit log', '/login/audit'],
];

/** The pages, unless the account asks something of its person first: then the page where it is done. */
function Dutiful({ children }: { children: ReactNode }) {
  const { systemAdministrator } = usePerson();
  const status = useApi(paths.status, { enabled: systemAdministrator });
  const sessions = useApi(paths.ownSessions({ live: 'true', limit: '5' }), { enabled: !systemAdministrator });
  const { error } = systemAdministrator ? status : sessions;
  const duty = error instanceof Problem && error.status === 403 ? error : null;
  if (duty === null || duty.title === 'Not allowed') return children;
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
    <EmptyState
      icon={<Logo size={28} />}
      title="You do not administer this site"
      actions={
        <Button component="a" href="/console" variant="default">
          To the console
        </Button>
      }
    >
      This page is for its administrators. What you may open sessions with is in the console.
    </EmptyState>
  );
}
