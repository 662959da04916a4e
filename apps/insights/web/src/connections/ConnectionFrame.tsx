import { ErrorState, HealthBadge, LoadingState, Page, Tabs, Tag, useApi, useCrumbs } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconDotsVertical, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useParam, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { ConnectionDetail } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { DeleteDialog, useSwitch } from './actions.tsx';
import { ConnectionName } from './ConnectionName.tsx';
import { ConnectorMark } from './ConnectorMark.tsx';

const tabs = { overview: 'Overview', settings: 'Settings', activity: 'Activity History' } as const;

/** What the three tabs of a connection share: its name, how it is, what can be done with it. */
export function ConnectionFrame({
  current,
  children,
}: {
  current: keyof typeof tabs;
  children: (connection: ConnectionDetail, tenantId: string) => ReactNode;
}) {
  const tenantId = useTenantId();
  const connectionId = useParam('connectionId');
  const connection = useApi(paths.connection(tenantId, connectionId), { every: 15_000 });
  const data = connection.data;
  useCrumbs(
    { title: 'Connectors', href: pages.connections(tenantId) },
    { title: data?.name ?? '…', ...(current === 'overview' ? {} : { href: pages.connection(tenantId, connectionId) }) },
    ...(current === 'overview' ? [] : [{ title: tabs[current] }]),
  );
  if (data === undefined)
    return connection.error === null ? (
      <LoadingState />
    ) : (
      <ErrorState error={connection.error} onRetry={() => void connection.refetch()} />
    );
  const href = { overview: '', settings: '/settings', activity: '/activity' } as const;
  return (
    <Page
      title={
        <Group gap="sm" wrap="nowrap" component="span">
          <ConnectorMark connector={data.connector} name={data.connectorName} />
          <ConnectionName tenantId={tenantId} connection={data} />
        </Group>
      }
      aside={
        <>
          <HealthBadge
            health={data.connectivity}
            href={
              data.connectivity === 'failed' || data.connectivity === 'warning'
                ? pages.activity(tenantId, connectionId)
                : undefined
            }
          />
          {data.runningRunId === null ? null : <Tag tone="low">Reading…</Tag>}
        </>
      }
      lead={data.point === '' ? data.connectorName : `${data.connectorName} · ${data.point}`}
      actions={<Actions tenantId={tenantId} connection={data} />}
    >
      <Tabs
        label="Connector"
        tabs={(['overview', 'settings', 'activity'] as const).map((tab) => ({
          title: tabs[tab],
          href: `${pages.connection(tenantId, connectionId)}${href[tab]}`,
          isCurrent: tab === current,
        }))}
      />
      {children(data, tenantId)}
    </Page>
  );
}

function Actions({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const mayChange = useMay('administrator');
  const [isDeleting, setDeleting] = useState(false);
  const { turn, isPending } = useSwitch(tenantId);
  if (!mayChange) return null;
  const isOn = connection.status === 'on';
  return (
    <>
      {connection.agent === null ? (
        <Button
          variant="default"
          loading={isPending}
          leftSection={isOn ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
          onClick={() => turn(connection, !isOn)}
        >
          {isOn ? 'Turn off' : 'Turn on'}
        </Button>
      ) : null}
      <Menu>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            style={{ color: 'var(--gh-critical)' }}
            leftSection={<IconTrash size={16} />}
            onClick={() => setDeleting(true)}
          >
            Delete connector…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <DeleteDialog
        tenantId={tenantId}
        connection={isDeleting ? connection : null}
        onClose={() => setDeleting(false)}
      />
    </>
  );
}
