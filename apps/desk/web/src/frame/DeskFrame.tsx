import {
  ErrorState,
  type NavSection,
  Problem,
  ProgramShell,
  usePerson,
  useShownPath,
  type WayByKeys,
} from '@gatehouse/ui';
import {
  IconApi,
  IconForms,
  IconHeadset,
  IconHistory,
  IconInbox,
  IconPlus,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { useMe } from './use-me.ts';

/** Pages that customers have as well. */
const forCustomers = /^\/(person|cases(\/.*)?)?$/;
const forManagers = /^\/(accounts|fields)(\/|$)/;
const forAdministrators = /^\/audit(\/|$)/;

export function DeskFrame() {
  const path = useShownPath();
  const me = useMe();
  const { systemAdministrator } = usePerson();
  const refused =
    (!systemAdministrator && forAdministrators.test(path)) ||
    (me?.isCustomer === true && !forCustomers.test(path)) ||
    (me?.mayManage === false && forManagers.test(path));
  return (
    <ProgramShell
      nav={
        me === undefined || me.isCustomer
          ? ofCustomer
          : me.mayManage
            ? [...ofManagers, ...(systemAdministrator ? [ofAdministrators] : [])]
            : ofTechnician
      }
      shortcuts={me === undefined || me.isCustomer ? ways : [...ways, ...waysOfTechnician]}
    >
      {refused ? (
        <ErrorState error={new Problem(403, 'Not allowed', 'This page is for those who manage the desk.')} />
      ) : (
        <Outlet />
      )}
    </ProgramShell>
  );
}

const caseLinks = {
  links: [
    { title: 'Cases', href: '/cases', icon: <IconInbox size={17} />, withBelow: false },
    { title: 'New case', href: '/cases/new', icon: <IconPlus size={17} /> },
  ],
};
const deskLinks = [
  { title: 'Support sessions', href: '/support', icon: <IconHeadset size={17} /> },
  { title: 'People', href: '/people', icon: <IconUsers size={17} /> },
  { title: 'Teams', href: '/teams', icon: <IconUsersGroup size={17} /> },
];
const ofCustomer: readonly NavSection[] = [caseLinks];
const ofTechnician: readonly NavSection[] = [caseLinks, { title: 'Desk', links: deskLinks }];
const ofManagers: readonly NavSection[] = [
  caseLinks,
  { title: 'Desk', links: deskLinks },
  {
    title: 'Set up',
    links: [
      { title: 'Fields', href: '/fields', icon: <IconForms size={17} /> },
      { title: 'Accounts', href: '/accounts', icon: <IconApi size={17} /> },
    ],
  },
];

const ofAdministrators: NavSection = {
  title: 'Program',
  links: [{ title: 'Audit', href: '/audit', icon: <IconHistory size={17} /> }],
};

const ways: readonly WayByKeys[] = [
  ['g c', 'Go to cases', '/cases'],
  ['g n', 'Go to a new case', '/cases/new'],
];
const waysOfTechnician: readonly WayByKeys[] = [
  ['g m', 'Go to your cases', '/cases?assignee=me&status=unresolved'],
  ['g p', 'Go to people', '/people'],
  ['g s', 'Go to support sessions', '/support'],
  ['g t', 'Go to teams', '/teams'],
];
