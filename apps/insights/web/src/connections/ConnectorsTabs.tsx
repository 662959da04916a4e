import { pages } from '../../../src/api/pages.ts';
import { Tabs } from '../frame/Tabs.tsx';

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
