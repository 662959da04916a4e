import { type NavSection, ProgramShell, TenantSwitcher, useApi, type WayByKeys } from '@gatehouse/ui';
import { Outlet, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import { tenantNav } from './nav.tsx';
import { TenantContext } from './tenant.ts';

const none: readonly NavSection[] = [];

export function InsightsFrame() {
  const { tenantId } = useParams({ strict: false }) as { tenantId?: string };
  const tenants = useApi(paths.tenants);
  const tenant = tenants.data?.find((one) => one.tenantId === tenantId);
  const nav = useMemo(
    () => (tenant === undefined ? none : tenantNav(tenant.tenantId, tenant.role === 'administrator')),
    [tenant],
  );
  const shortcuts = useMemo(() => waysOf(tenant?.tenantId), [tenant]);
  return (
    <TenantContext value={tenant}>
      <ProgramShell
        nav={nav}
        shortcuts={shortcuts}
        switcher={
          <TenantSwitcher
            home="/"
            current={tenantId}
            tenants={(tenants.data ?? []).map(({ tenantId, name }) => ({
              tenantId,
              name,
              href: pages.dashboard(tenantId),
            }))}
          />
        }
        above={tenant === undefined ? undefined : { title: tenant.name, href: pages.dashboard(tenant.tenantId) }}
      >
        <Outlet />
      </ProgramShell>
    </TenantContext>
  );
}

const waysOf = (tenantId: string | undefined): readonly WayByKeys[] => [
  ['g h', 'Go to your tenants', '/'],
  ...(tenantId === undefined
    ? []
    : ([
        ['g d', 'Go to the dashboard', pages.dashboard(tenantId)],
        ['g r', 'Go to recommendations', pages.recommendations(tenantId)],
        ['g f', 'Go to findings', pages.findings(tenantId)],
        ['g c', 'Go to connectors', pages.connections(tenantId)],
        ['g i', 'Go to identities', pages.inventory(tenantId, 'identities')],
        ['g a', 'Go to accounts', pages.inventory(tenantId, 'accounts')],
        ['g e', 'Go to events', pages.inventory(tenantId, 'events')],
      ] as const)),
];
