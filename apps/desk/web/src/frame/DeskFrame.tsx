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
  IconBroadcast,
  IconForms,
  IconHeadset,
  IconHistory,
  IconInbox,
  IconMail,
  IconPlugConnected,
  IconPlus,
  IconServer,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';
import { Outlet } from '@tanstack/react-router';
import { useMe } from './use-me.ts';

/** Pages that customers have as well. */
const forCustomers = /^\/(person|cases(\/.*)?)?$/;
const forManagers = /^\/(accounts|fields|mail|sites|connections|events)(\/|$)/;
const forAdministrators = /^\/audit(\/|$)/;

export function DeskFrame() {
  const path = useShownPath();
  const me = useMe();
  const { systemAdministrator } = usePerson();
  const refusal =
    !systemAdministrator && forAdministrators.test(path)
      ? 'This page is for system administrators.'
      : (me?.isCustomer === true && !forCustomers.test(path)) || (me?.mayManage === false && forManagers.test(path))
        ? 'This page is for managers of the desk.'
        : null;
  return (
    <ProgramShell
      nav={me === undefined || me.isCustomer ? ofCustomer : navOf(me.mayManage, systemAdministrator)}
      shortcuts={me === undefined || me.isCustomer ? ways : [...ways, ...waysOfTechnician]}
    >
      {refusal === null ? <Outlet /> : <ErrorState error={new Problem(403, 'Not allowed', refusal)} />}
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
const managerLinks = [
  { title: 'Sites', href: '/sites', icon: <IconServer size={17} /> },
  { title: 'Connections', href: '/connections', icon: <IconPlugConnected size={17} /> },
  { title: 'Events', href: '/events', icon: <IconBroadcast size={17} /> },
  { title: 'Fields', href: '/fields', icon: <IconForms size={17} /> },
  { title: 'Accounts', href: '/accounts', icon: <IconApi size={17} /> },
  { title: 'Mail', href: '/mail', icon: <IconMail size={17} /> },
];
const administratorLinks = [{ title: 'Audit', href: '/audit', icon: <IconHistory size={17} /> }];
const navOf = (isManager: boolean, isAdministrator: boolean): readonly NavSection[] => {
  const links = [...(isManager ? managerLinks : []), ...(isAdministrator ? administratorLinks : [])];
  const setUp = links.length === 0 ? [] : [{ title: 'Set up', links }];
  return [caseLinks, { title: 'Desk', links: deskLinks }, ...setUp];
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
