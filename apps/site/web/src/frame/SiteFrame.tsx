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
  type WayByKeys,
} from '@gatehouse/ui';
import { Outlet, useLocation } from '@tanstack/react-router';
import { paths } from '../api/paths.ts';
import { nav } from './nav.tsx';

const none: readonly NavSection[] = [];

export function SiteFrame() {
  const path = useLocation({ select: ({ pathname }) => pathname.replace(/(.)\/$/, '$1') });
  const { systemAdministrator } = usePerson();
  return (
    <ProgramShell nav={systemAdministrator ? nav : none} shortcuts={ways}>
      {systemAdministrator ? <Administration /> : path === '/person' ? <Outlet /> : <NoAdministrator />}
    </ProgramShell>
  );
}

const ways: readonly WayByKeys[] = [
  ['g i', 'Go to information', '/login'],
  ['g u', 'Go to users', '/login/users'],
  ['g p', 'Go to group policies', '/login/group-policies'],
  ['g j', 'Go to Jump groups', '/login/jump-groups'],
  ['g a', 'Go to API configuration', '/login/api'],
  ['g l', 'Go to the audit log', '/login/audit'],
];

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
