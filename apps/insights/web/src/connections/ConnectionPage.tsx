import {
  EmptyState,
  Facts,
  formatDuration,
  formatNumber,
  HealthBadge,
  Notice,
  RelativeTime,
  Section,
  send,
  toast,
  useApi,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Checkbox, Group, Popover, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import type { ConnectionDetail, Run } from '../api/types.ts';
import { CollectorPanel } from '../collectors/CollectorPanel.tsx';
import { Installer } from '../collectors/Installer.tsx';
import { StreamWork } from '../collectors/StreamWork.tsx';
import { useMay } from '../frame/tenant.ts';
import { ActivityHistory } from './ActivityHistory.tsx';
import { ConnectionFrame } from './ConnectionFrame.tsx';
import classes from './connections.module.css';
import { NewestFault } from './NewestFault.tsx';
import { RunPanel } from './RunPanel.tsx';
import { SettingsForm } from './SettingsForm.tsx';
import { useProgress } from './use-progress.ts';

export function ConnectionPage() {
  return (
    <ConnectionFrame current="overview">
      {(connection, tenantId) => <Overview {...{ connection, tenantId }} />}
    </ConnectionFrame>
  );
}
export function SettingsTab() {
  return (
    <ConnectionFrame current="settings">
      {(connection, tenantId) => {
        const Settings = connection.agent === null ? SettingsForm : Installer;
        return <Settings key={connection.connectionId} {...{ connection, tenantId }} />;
      }}
    </ConnectionFrame>
  );
}
export function ActivityTab() {
  return (
    <ConnectionFrame current="activity">
      {(connection, tenantId) => <ActivityHistory tenantId={tenantId} connection={connection} />}
    </ConnectionFrame>
  );
}

function Overview({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const { connectionId, connectivity, caveats, status, records, lastUpdateAt, nextRunAt, createdAt, lastActivityAt } =
    connection;
  const { agent } = connection;
  const mayRun = useMay('analyst') && connectivity !== 'pending';
  const run = useProgress(tenantId, connectionId);
  const refresh = useRefresh();
  const cancel = useMutation({
    mutationFn: (runId: string) =>
      send<Run>('POST', `${paths.connection(tenantId, connectionId)}/runs/${runId}/cancel`, {}),
    onSuccess: () => {
      toast.done('The run stops at its next page. What it has read stays.');
      void refresh(paths.connection(tenantId, connectionId));
    },
    onError: toast.failed,
  });
  const isRunning = run !== null && (run.state === 'queued' || run.state === 'running');
  return (
    <>
      {connectivity === 'failed' ? <NewestFault {...{ tenantId, connectionId }} /> : null}
      {caveats.map(({ code, advice }) => (
        <Notice key={code} tone="medium" icon={<IconAlertTriangle size={17} />}>
          {advice}
        </Notice>
      ))}
      <Section title="At a glance">
        <Facts
          narrow
          facts={[
            { title: 'Status', value: status === 'on' ? 'On' : 'Off' },
            { title: 'Records', value: formatNumber(records) },
            { title: 'Last update', value: <RelativeTime at={lastUpdateAt} none="Never" /> },
            ...(agent === null ? [{ title: 'Next run', value: nextWords(status, nextRunAt) }] : []),
            { title: 'Last activity', value: <RelativeTime at={lastActivityAt} none="Never" /> },
            { title: 'Created', value: <RelativeTime at={createdAt} /> },
          ]}
        />
      </Section>
      {agent === null ? null : <CollectorPanel {...{ tenantId, connectionId }} />}
      <Section
        title={isRunning ? 'Run under way' : 'Last run'}
        actions={mayRun && !isRunning ? <RunNow tenantId={tenantId} connection={connection} /> : undefined}
      >
        {run === null ? (
          <EmptyState title="It has not run yet">{firstRunWords(connection)}</EmptyState>
        ) : (
          <RunPanel
            run={run}
            {...(mayRun ? { onCancel: () => cancel.mutate(run.runId) } : {})}
            isCancelling={cancel.isPending}
          />
        )}
      </Section>
      {connection.streams.length === 0 ? null : <WhatIsRead {...{ tenantId, connection }} />}
    </>
  );
}

function WhatIsRead({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const { connectionId, agent } = connection;
  const collector = useApi(paths.collector(tenantId, connectionId), { enabled: agent !== null });
  const work = new Map(collector.data?.streams.map((stream) => [stream.stream, stream]));
  return (
    <Section title="What is read" flush>
      <div className={classes.scroll}>
        <Table className={classes.table ?? ''} aria-label="What is read" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Stream</Table.Th>
              <Table.Th>Health</Table.Th>
              <Table.Th style={{ textAlign: 'right' }}>Records</Table.Th>
              <Table.Th>Last read</Table.Th>
              <Table.Th>Next read</Table.Th>
              <Table.Th>{agent === null ? 'Every' : 'On the collector'}</Table.Th>
              <Table.Th>Needs</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {connection.streams.map((stream) => (
              <Table.Tr key={stream.stream}>
                <Table.Td>
                  <a
                    href={pages.inventory(tenantId, stream.record, [
                      `_connection:eq:${connectionId}`,
                      `_stream:eq:${stream.stream}`,
                    ])}
                  >
                    {stream.title}
                  </a>
                  {stream.advice === null ? null : (
                    <Text size="xs" c="dimmed" maw={420}>
                      {stream.advice}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <HealthBadge health={stream.health} />
                </Table.Td>
                <Table.Td style={{ textAlign: 'right' }}>{formatNumber(stream.records)}</Table.Td>
                <Table.Td>
                  <RelativeTime at={stream.lastReadAt} none="Never" />
                </Table.Td>
                <Table.Td>
                  <RelativeTime at={work.get(stream.stream)?.nextAt ?? stream.nextReadAt} />
                </Table.Td>
                <Table.Td style={{ whiteSpace: 'nowrap' }}>
                  {agent === null ? every(stream.everyMs) : <StreamWork stream={work.get(stream.stream)} />}
                </Table.Td>
                <Table.Td style={{ color: 'var(--mantine-color-dimmed)' }}>{stream.needs}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  );
}

const nextWords = (status: ConnectionDetail['status'], nextRunAt: string | null) =>
  status === 'off' ? 'When it is turned on' : <RelativeTime at={nextRunAt} none="Not scheduled" />;

const firstRunWords = ({ agent, status }: ConnectionDetail): string => {
  if (agent !== null) return 'The first run starts with the first records that its collector sends.';
  return status === 'off'
    ? 'Turn the connector on to let it read.'
    : 'The first run starts on its own, or now if you want.';
};

/** "1 h" rather than "1 h 0 min". */
const every = (ms: number) => formatDuration(ms / 1000).replace(/ 0 (min|s)$/, '');

function RunNow({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const refresh = useRefresh();
  const run = useMutation({
    mutationFn: (streams: readonly string[]) =>
      send<Run>('POST', paths.runs(tenantId, connection.connectionId), streams.length === 0 ? {} : { streams }),
    onSuccess: () => {
      setChosen([]);
      void refresh(paths.connection(tenantId, connection.connectionId));
    },
    onError: toast.failed,
  });
  const isOff = connection.status === 'off';
  return (
    <Group gap={0}>
      <Button
        leftSection={<IconPlayerPlay size={16} />}
        loading={run.isPending}
        disabled={isOff}
        title={isOff ? 'Turn the connector on first.' : undefined}
        onClick={() => run.mutate([])}
        style={{ borderTopRightRadius: 0, borderBottomRightRadius: 0 }}
      >
        Run now
      </Button>
      <Popover width={280} position="bottom-end" trapFocus>
        <Popover.Target>
          <Button
            disabled={isOff}
            px={10}
            ml={1}
            aria-label="Choose what to read"
            style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0 }}
          >
            ▾
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Stack gap="sm">
            <Checkbox.Group label="Read only" value={[...chosen]} onChange={setChosen}>
              <Stack gap={8} mt={8} mah={300} style={{ overflowY: 'auto' }}>
                {connection.streams.map(({ stream, title }) => (
                  <Checkbox key={stream} value={stream} label={title} size="sm" />
                ))}
              </Stack>
            </Checkbox.Group>
            <Button disabled={chosen.length === 0} loading={run.isPending} onClick={() => run.mutate(chosen)}>
              Run these
            </Button>
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Group>
  );
}
