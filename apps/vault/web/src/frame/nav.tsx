import type { NavSection } from '@gatehouse/ui';
import {
  IconAddressBook,
  IconApi,
  IconClipboardCheck,
  IconHistory,
  IconHome,
  IconKey,
  IconListDetails,
  IconLockCheck,
  IconLogout2,
  IconMasksTheater,
  IconRefreshDot,
  IconServer2,
  IconShieldCog,
  IconShieldLock,
  IconStack2,
  IconTerminal2,
  IconUsers,
  IconWorld,
} from '@tabler/icons-react';

const home = { title: 'Home', href: '/', icon: <IconHome size={17} />, withBelow: false };
const lists = { title: 'Shared credential lists', href: '/lists', icon: <IconListDetails size={17} /> };

export const navOfPerson: readonly NavSection[] = [{ links: [home, lists] }];

/** The pages of an administrator, by the words of the product whose place the vault takes. */
export const navOfAdministrator: readonly NavSection[] = [
  { links: [home] },
  {
    title: 'Managed passwords',
    links: [
      { title: 'Credentials', href: '/credentials', icon: <IconKey size={17} /> },
      { title: 'Systems', href: '/systems', icon: <IconServer2 size={17} /> },
      { title: 'Management sets', href: '/sets', icon: <IconStack2 size={17} /> },
      lists,
      { title: 'Password policies', href: '/policies', icon: <IconLockCheck size={17} /> },
      { title: 'Custom platforms', href: '/platforms', icon: <IconTerminal2 size={17} /> },
    ],
  },
  {
    title: 'Operations',
    links: [
      { title: 'Jobs', href: '/jobs', icon: <IconRefreshDot size={17} /> },
      { title: 'Password requests', href: '/requests', icon: <IconClipboardCheck size={17} /> },
      { title: 'Check-outs', href: '/checkouts', icon: <IconLogout2 size={17} /> },
      { title: 'Audit', href: '/audit', icon: <IconHistory size={17} /> },
    ],
  },
  {
    title: 'Delegation',
    links: [
      { title: 'Identities', href: '/identities', icon: <IconAddressBook size={17} /> },
      { title: 'Account rights', href: '/rights', icon: <IconShieldLock size={17} /> },
      { title: 'Global permissions', href: '/permissions', icon: <IconShieldCog size={17} /> },
      { title: 'Impersonation', href: '/impersonations', icon: <IconMasksTheater size={17} /> },
      { title: 'API registrations', href: '/registrations', icon: <IconApi size={17} /> },
      { title: 'Domains', href: '/domains', icon: <IconWorld size={17} /> },
      { title: 'People', href: '/people', icon: <IconUsers size={17} /> },
    ],
  },
];
