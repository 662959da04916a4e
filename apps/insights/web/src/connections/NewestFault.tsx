import { Notice, useApi } from '@gatehouse/ui';
import { Group } from '@mantine/core';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import { FaultView } from './FaultView.tsx';

/** Why a connection failed, and what to do about it, where a person looks first. */
export function NewestFault({ tenantId, connectionId }: { tenantId: string; connectionId: string }) {
  const activity = useApi(paths.activity(tenantId, connectionId), { every: 15_000 });
  const fault = activity.data?.items.find((one) => one.fault !== null)?.fault ?? null;
  if (fault === null) return null;
  return (
    <Notice tone="critical" title="This connector cannot read">
      <FaultView fault={fault} />
      <Group gap="md" mt="xs">
        <a href={`${pages.connection(tenantId, connectionId)}/settings`}>Settings</a>
        <a href={pages.activity(tenantId, connectionId)}>Activity History</a>
      </Group>
    </Notice>
  );
}
