import {
  type Crumb,
  CrumbsContext,
  ErrorState,
  type NavSection,
  PersonContext,
  Shell,
  TenantSwitcher,
} from '@gatehouse/ui';
import { Outlet, useLocation, useParams } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useGo } from '../address.ts';
import { send, useApi } from '../api/client.ts';
import { paths } from '../api/paths.ts';
import type { Session } from '../api/types.ts';
import { FrameContext } from './frame-context.ts';
import { tenantNav } from './nav.tsx';
import { PageShortcuts } from './PageShortcuts.tsx';

/** The frame around every page of a person who is signed in; who is not goes to sign in and comes back. */
export function PersonFrame() {
  const session = useApi(paths.session, { every: 300_000 });
  const go = useGo();
  const here = useLocation({ select: ({ href }) => href });
  const isOut = session.data !== undefined && session.data.person === null;
  useEffect(() => {
    // Once: until the page of signing in is there, this frame lives on, and `here` is that page already.
    if (isOut) go(`${pages.signIn}${here === '/' ? '' : `?${new URLSearchParams({ next: here })}`}`, { replace: true });
  }, [isOut]);
  if (session.error !== null && session.data === undefined)
    return <ErrorState error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data === undefined || session.data.person === null) return null;
  const { person } = session.data;
  return (
    <PersonContext value={person}>
      <SignedIn person={person} />
    </PersonContext>
  );
}

const none: readonly NavSection[] = [];

function SignedIn({ person }: { person: NonNullable<Session['person']> }) {
  const { tenantId } = useParams({ strict: false }) as { tenantId?: string };
  const path = useLocation({ select: ({ pathname }) => pathname });
  const [crumbs, setCrumbs] = useState<readonly Crumb[]>([]);
  const tenants = useApi(paths.tenants);
  const apps = useApi(paths.apps, { every: 600_000 });
  const tenant = tenants.data?.find((one) => one.tenantId === tenantId);
  const nav = useMemo(
    () => (tenant === undefined ? none : tenantNav(tenant.tenantId, tenant.role === 'administrator')),
    [tenant],
  );
  const frame = useMemo(() => ({ person, tenant }), [person, tenant]);
  const way =
    tenant === undefined ? crumbs : [{ title: tenant.name, href: pages.dashboard(tenant.tenantId) }, ...crumbs];
  return (
    <CrumbsContext value={setCrumbs}>
      <FrameContext value={frame}>
        <Shell
          program="Insights"
          home="/"
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
          apps={(apps.data?.items ?? []).map(({ id, ...app }) => ({ program: id, ...app }))}
          person={{ name: person.name, email: person.email, href: pages.person }}
          onSignOut={() => {
            void send('POST', '/api/auth/sign-out', {}).finally(() => location.assign(pages.signIn));
          }}
          nav={nav}
          path={path.replace(/\/$/, '')}
          crumbs={way}
        >
          <Outlet />
        </Shell>
        <PageShortcuts tenantId={tenant?.tenantId} />
      </FrameContext>
    </CrumbsContext>
  );
}
