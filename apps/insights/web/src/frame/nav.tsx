import type { NavSection } from '@gatehouse/ui';
import {
  IconActivity,
  IconAlertTriangle,
  IconApps,
  IconFingerprint,
  IconGauge,
  IconHistory,
  IconId,
  IconKey,
  IconPlug,
  IconRosetteDiscountCheck,
  IconRulerMeasure,
  IconSettings,
  IconShieldLock,
  IconTopologyStar3,
  IconUserCircle,
  IconUserPlus,
  IconUserShield,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react';
import { pages } from '../../../src/api/pages.ts';

/** The pages of a tenant. Titles of lists are those of the API's kinds, shortened where they are long. */
export const tenantNav = (tenantId: string, isAdministrator: boolean): readonly NavSection[] => {
  const list = (kind: string) => pages.inventory(tenantId, kind);
  const tenant = pages.dashboard(tenantId);
  return [
    {
      links: [
        { title: 'Dashboard', href: tenant, icon: <IconGauge size={17} />, withBelow: false },
        {
          title: 'Recommendations',
          href: pages.recommendations(tenantId),
          icon: <IconRosetteDiscountCheck size={17} />,
        },
        { title: 'Findings', href: pages.findings(tenantId), icon: <IconAlertTriangle size={17} /> },
        { title: 'Connectors', href: pages.connections(tenantId), icon: <IconPlug size={17} /> },
      ],
    },
    {
      title: 'Inventory',
      links: [
        { title: 'Identities', href: list('identities'), icon: <IconId size={17} /> },
        { title: 'Accounts', href: list('accounts'), icon: <IconUserCircle size={17} /> },
        { title: 'Groups', href: list('groups'), icon: <IconUsersGroup size={17} /> },
        { title: 'Roles', href: list('roles'), icon: <IconUserShield size={17} /> },
        { title: 'Grants', href: list('grants'), icon: <IconTopologyStar3 size={17} /> },
        { title: 'Resources', href: list('resources'), icon: <IconApps size={17} /> },
        { title: 'Secrets', href: list('credentials'), icon: <IconKey size={17} /> },
        { title: 'Events', href: list('events'), icon: <IconActivity size={17} /> },
        { title: 'Memberships', href: list('memberships'), icon: <IconUserPlus size={17} /> },
        { title: 'Second factors', href: list('factors'), icon: <IconFingerprint size={17} /> },
        { title: 'Policies', href: list('policies'), icon: <IconRulerMeasure size={17} /> },
      ],
    },
    {
      title: 'Tenant',
      links: [
        ...(isAdministrator
          ? [{ title: 'Settings', href: `${tenant}/settings`, icon: <IconSettings size={17} /> }]
          : []),
        { title: 'People', href: `${tenant}/people`, icon: <IconShieldLock size={17} /> },
        ...(isAdministrator
          ? [
              { title: 'Webhooks', href: `${tenant}/webhooks`, icon: <IconWebhook size={17} /> },
              { title: 'Audit log', href: `${tenant}/audit`, icon: <IconHistory size={17} /> },
            ]
          : []),
      ],
    },
  ];
};
