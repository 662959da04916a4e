import type { NavSection } from '@gatehouse/ui';
import {
  IconAdjustments,
  IconApi,
  IconClipboardList,
  IconClockShield,
  IconDeviceDesktop,
  IconDevices,
  IconFingerprint,
  IconForms,
  IconHeadset,
  IconHelpCircle,
  IconHistory,
  IconInfoCircle,
  IconKey,
  IconMail,
  IconMessage2Bolt,
  IconPlayerPlay,
  IconReportSearch,
  IconRoute,
  IconScreenShare,
  IconSend,
  IconServer2,
  IconShieldLock,
  IconTerminal2,
  IconUserCheck,
  IconUserShield,
  IconUsers,
  IconUsersGroup,
  IconWindow,
} from '@tabler/icons-react';

/** The pages of an administrator, grouped as administrators of such sites know them. */
export const nav: readonly NavSection[] = [
  { links: [{ title: 'Console', href: '/console', icon: <IconPlayerPlay size={17} /> }] },
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
      { title: 'Jump Clients', href: '/login/jump-clients', icon: <IconDevices size={17} /> },
      { title: 'Jumpoints', href: '/login/jumpoints', icon: <IconRoute size={17} /> },
      { title: 'Jump policies', href: '/login/jump-policies', icon: <IconClockShield size={17} /> },
      { title: 'Jump item roles', href: '/login/jump-item-roles', icon: <IconUserShield size={17} /> },
      { title: 'Host keys', href: '/login/host-keys', icon: <IconFingerprint size={17} /> },
    ],
  },
  {
    title: 'Configuration',
    links: [
      { title: 'Support teams', href: '/login/support-teams', icon: <IconUsersGroup size={17} /> },
      { title: 'Issues', href: '/login/support-issues', icon: <IconHelpCircle size={17} /> },
      { title: 'Custom fields', href: '/login/custom-fields', icon: <IconForms size={17} /> },
      { title: 'Canned messages', href: '/login/canned-messages', icon: <IconMessage2Bolt size={17} /> },
      { title: 'Surveys', href: '/login/surveys', icon: <IconClipboardList size={17} /> },
      { title: 'Options', href: '/login/support-options', icon: <IconAdjustments size={17} /> },
    ],
  },
  {
    title: 'Support',
    links: [{ title: 'Session keys', href: '/login/session-keys', icon: <IconKey size={17} /> }],
  },
  {
    title: 'Reports',
    links: [
      { title: 'Sessions', href: '/login/sessions', icon: <IconReportSearch size={17} /> },
      { title: 'Support sessions', href: '/login/support-sessions', icon: <IconHeadset size={17} /> },
    ],
  },
  {
    title: 'Management',
    links: [
      { title: 'API Configuration', href: '/login/api', icon: <IconApi size={17} /> },
      { title: 'Outbound events', href: '/login/outbound-events', icon: <IconSend size={17} /> },
      { title: 'Mail', href: '/login/mail', icon: <IconMail size={17} /> },
      { title: 'Security', href: '/login/security', icon: <IconShieldLock size={17} /> },
      { title: 'Audit', href: '/login/audit', icon: <IconHistory size={17} /> },
    ],
  },
];

/** The pages of whoever opens sessions. */
export const consoleNav: readonly NavSection[] = [
  {
    title: 'Console',
    links: [
      { title: 'Endpoints', href: '/console', icon: <IconPlayerPlay size={17} />, withBelow: false },
      { title: 'Remote support', href: '/console/support', icon: <IconHeadset size={17} /> },
      { title: 'Jump Clients', href: '/console/jump-clients', icon: <IconDevices size={17} /> },
      { title: 'Your sessions', href: '/console/sessions', icon: <IconHistory size={17} /> },
      { title: 'Approvals', href: '/console/approvals', icon: <IconUserCheck size={17} /> },
    ],
  },
];

export const toAdministration: NavSection = {
  title: 'Site',
  links: [{ title: 'Administration', href: '/login', icon: <IconShieldLock size={17} /> }],
};
