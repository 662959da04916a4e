import type { NavSection } from '@gatehouse/ui';
import {
  IconApi,
  IconClockShield,
  IconDeviceDesktop,
  IconHistory,
  IconInfoCircle,
  IconScreenShare,
  IconServer2,
  IconShieldLock,
  IconTerminal2,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
  IconWindow,
} from '@tabler/icons-react';

/** The pages of an administrator, grouped as administrators of such sites know them. */
export const nav: readonly NavSection[] = [
  {
    title: 'Status',
    links: [{ title: 'Information', href: '/login', icon: <IconInfoCircle size={17} />, withBelow: false }],
  },
  {
    title: 'Users & Security',
    links: [
      { title: 'Users', href: '/login/users', icon: <IconUsers size={17} /> },
      { title: 'Group policies', href: '/login/group-policies', icon: <IconUsersGroup size={17} /> },
      { title: 'Session policies', href: '/login/session-policies', icon: <IconScreenShare size={17} /> },
    ],
  },
  {
    title: 'Jump',
    links: [
      { title: 'Jump groups', href: '/login/jump-groups', icon: <IconServer2 size={17} /> },
      { title: 'Shell jumps', href: '/login/jump-items/shell-jump', icon: <IconTerminal2 size={17} /> },
      { title: 'Remote VNC', href: '/login/jump-items/remote-vnc', icon: <IconDeviceDesktop size={17} /> },
      { title: 'Remote RDP', href: '/login/jump-items/remote-rdp', icon: <IconWindow size={17} /> },
      { title: 'Jump policies', href: '/login/jump-policies', icon: <IconClockShield size={17} /> },
      { title: 'Jump item roles', href: '/login/jump-item-roles', icon: <IconUserShield size={17} /> },
    ],
  },
  {
    title: 'Management',
    links: [
      { title: 'API Configuration', href: '/login/api', icon: <IconApi size={17} /> },
      { title: 'Security', href: '/login/security', icon: <IconShieldLock size={17} /> },
      { title: 'Audit', href: '/login/audit', icon: <IconHistory size={17} /> },
    ],
  },
];
