import { Tabs } from '@gatehouse/ui';
import { pages } from '../../../src/api/pages.ts';

export function ConnectorsTabs({ tenantId, current }: { tenantId: string; current: 'configured' | 'available' }) {
  return (
    <Tabs
      label="Connectors"
      tabs={[
        { title: 'Configured', href: pages.connections(tenantId), isCurrent: current === 'configured' },
        { title: 'Available', href: pages.availableConnectors(tenantId), isCurrent: current === 'available' },
      ]}
    />
  );
}
