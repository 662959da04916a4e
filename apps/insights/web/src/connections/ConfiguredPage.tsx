import { EmptyState, HealthBadge, Loaded, Page, RelativeTime, SearchBox, Tag, useApi, useCrumbs } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Menu, Paper, Table, VisuallyHidden } from '@mantine/core';
import {
  IconDotsVertical,
  IconEye,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlug,
  IconPlus,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Connection } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import { DeleteDialog, useSwitch } from './actions.tsx';
import { ConnectorMark } from './ConnectorMark.tsx';
import { ConnectorsTabs } from './ConnectorsTabs.tsx';
import classes from './connections.module.css';

/** The connectors of this tenant and how they are doing. */
export function ConfiguredPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Connectors' });
  const mayChange = useMay('administrator');
  const connections = useApi(paths.connections(tenantId), { every: 10_000 });
  const [search, setSearch] = useState('');
  const [deleted, setDeleted] = useState<Connection | null>(null);
  const add = mayChange ? (
    <Button component="a" href={pages.availableConnectors(tenantId)} leftSection={<IconPlus size={16} />}>
      Add connector
    </Button>
  ) : null;
  return (
    <Page title="Connectors" lead="The systems this tenant reads from." actions={add}>
      <ConnectorsTabs tenantId={tenantId} current="configured" />
      <Loaded query={connections} rows={4} height={48}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState icon={<IconPlug size={28} stroke={1.5} />} title="No connector yet" actions={add}>
              Connect a system to see who has access to what in it.
            </EmptyState>
          ) : (
            <>
              <Group>
                <SearchBox label="Search connectors" value={search} onSearch={setSearch} />
              </Group>
              <ConnectionsTable
                tenantId={tenantId}
                connections={all.filter((one) => matches(one, search))}
                mayChange={mayChange}
                onDelete={setDeleted}
              />
            </>
          )
        }
      </Loaded>
      <DeleteDialog tenantId={tenantId} connection={deleted} onClose={() => setDeleted(null)} />
    </Page>
  );
}

const matches = ({ name, point, connectorName }: Connection, search: string) =>
  `${name} ${point} ${connectorName}`.toLowerCase().includes(search.toLowerCase());

interface ConnectionsTableProps {
  tenantId: string;
  connections: readonly Connection[];
  mayChange: boolean;
  onDelete(connection: Connection): void;
}

function ConnectionsTable({ tenantId, connections, mayChange, onDelete }: ConnectionsTableProps) {
  if (connections.length === 0) return <EmptyState title="Nothing matches">Change the search.</EmptyState>;
  return (
    <Paper className={classes.scroll ?? ''}>
      <Table
        className={classes.table ?? ''}
        aria-label="Configured connectors"
        verticalSpacing={8}
        horizontalSpacing="md"
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Connector name</Table.Th>
            <Table.Th>Connection point</Table.Th>
            <Table.Th>Connectivity</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Last activity</Table.Th>
            <Table.Th>Last update</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {connections.map((connection) => (
            <Row key={connection.connectionId} {...{ tenantId, connection, mayChange, onDelete }} />
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function Row({
  tenantId,
  connection,
  mayChange,
  onDelete,
}: Omit<ConnectionsTableProps, 'connections'> & { connection: Connection }) {
  const { agent } = connection;
  const { connectionId, connector, connectorName, name, point, connectivity, status, lastActivityAt, lastUpdateAt } =
    connection;
  const { turn } = useSwitch(tenantId);
  const isOn = status === 'on';
  const leadsToActivity = connectivity === 'failed' || connectivity === 'warning';
  return (
    <Table.Tr>
      <Table.Td>
        <span className={classes.name}>
          <ConnectorMark connector={connector} name={connectorName} />
          <span>
            <a href={pages.connection(tenantId, connectionId)}>{name}</a>
            <br />
            <span style={{ color: 'var(--mantine-color-dimmed)' }}>{connectorName}</span>
          </span>
        </span>
      </Table.Td>
      <Table.Td className={classes.point} title={point}>
        {point === '' ? '—' : point}
      </Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <HealthBadge
            health={connectivity}
            href={leadsToActivity ? pages.activity(tenantId, connectionId) : undefined}
          />
          {connection.runningRunId === null ? null : <Tag tone="low">Reading…</Tag>}
        </Group>
      </Table.Td>
      <Table.Td>{isOn ? 'On' : 'Off'}</Table.Td>
      <Table.Td>
        <RelativeTime at={lastActivityAt} none="Never" />
      </Table.Td>
      <Table.Td>
        <RelativeTime at={lastUpdateAt} none="Never" />
      </Table.Td>
      <Table.Td>
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${name}`}>
              <IconDotsVertical size={17} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              component="a"
              href={pages.connection(tenantId, connectionId)}
              leftSection={<IconEye size={16} />}
            >
              View connector
            </Menu.Item>
            {mayChange ? (
              <>
                {agent === null ? (
                  <Menu.Item
                    leftSection={isOn ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
                    onClick={() => turn(connection, !isOn)}
                  >
                    {isOn ? 'Turn off connector' : 'Turn on connector'}
                  </Menu.Item>
                ) : null}
                <Menu.Divider />
                <Menu.Item
                  style={{ color: 'var(--gh-critical)' }}
                  leftSection={<IconTrash size={16} />}
                  onClick={() => onDelete(connection)}
                >
                  Delete connector…
                </Menu.Item>
              </>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </Table.Td>
    </Table.Tr>
  );
}
