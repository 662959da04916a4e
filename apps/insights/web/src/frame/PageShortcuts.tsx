import { type Shortcut, Shortcuts } from '@gatehouse/ui';
import { useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { pages } from '../../../src/api/pages.ts';

export function PageShortcuts({ tenantId }: { tenantId: string | undefined }) {
  const { history } = useRouter();
  const shortcuts = useMemo<readonly Shortcut[]>(() => {
    const to = (keys: string, title: string, path: string) => ({ keys, title, run: () => history.push(path) });
    return [
      to('g h', 'Go to your tenants', '/'),
      ...(tenantId === undefined
        ? []
        : [
            to('g d', 'Go to the dashboard', pages.dashboard(tenantId)),
            to('g r', 'Go to recommendations', pages.recommendations(tenantId)),
            to('g f', 'Go to findings', pages.findings(tenantId)),
            to('g c', 'Go to connectors', pages.connections(tenantId)),
            to('g i', 'Go to identities', pages.inventory(tenantId, 'identities')),
            to('g a', 'Go to accounts', pages.inventory(tenantId, 'accounts')),
            to('g e', 'Go to events', pages.inventory(tenantId, 'events')),
          ]),
    ];
  }, [tenantId, history]);
  return <Shortcuts shortcuts={shortcuts} />;
}
