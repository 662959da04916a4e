import {
  EmptyState,
  Facts,
  formatDuration,
  formatNumber,
  Loaded,
  RelativeTime,
  Section,
  Tag,
  type Tone,
  useApi,
} from '@gatehouse/ui';
import { Button, Table } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { pages } from '../../../src/api/pages.ts';
import { paths } from '../api/paths.ts';
import type { Collector } from '../api/types.ts';
import classes from '../connections/connections.module.css';

/** The collector of a connection: where it runs, what it reads and who else does. */
export function CollectorPanel({ tenantId, connectionId }: { tenantId: string; connectionId: string }) {
  const collector = useApi(paths.collector(tenantId, connectionId), { every: 5_000 });
  return (
    <Loaded query={collector} rows={2} height={110}>
      {(one) =>
        one.device === null ? (
          <Section title="Collector">
            <EmptyState
              icon={<IconServer2 size={28} stroke={1.5} />}
              title="No collector has registered yet"
              actions={
                <Button component="a" href={pages.connectionSettings(tenantId, connectionId)}>
                  Show the installer
                </Button>
              }
            >
              Run the installer on a server of the domain, and enter the key of this connector there.
            </EmptyState>
          </Section>
        ) : (
          <>
            <Device collector={one} device={one.device} />
            <Sources sources={one.sources} />
          </>
        )
      }
    </Loaded>
  );
}

function Device({ collector, device }: { collector: Collector; device: NonNullable<Collector['device']> }) {
  const { spool, offers } = collector;
  const isBehind = offers !== null && offers !== device.version;
  return (
    <Section title="Collector">
      <Facts
        narrow
        facts={[
          { title: 'Host', value: device.host },
          { title: 'Last contact', value: <RelativeTime at={device.lastContactAt} /> },
          {
            title: 'Version',
            value: isBehind
              ? `${device.version}, updates to ${offers}`
              : `${device.version}${offers ? ', newest' : ''}`,
          },
          { title: 'Platform', value: device.platform },
          { title: 'Clock', value: clockWords(device.clockAheadMs) },
          { title: 'Waiting to be sent', value: spool === null ? 'Not known' : spoolWords(spool) },
          { title: 'Registered', value: <RelativeTime at={device.registeredAt} /> },
        ]}
      />
    </Section>
  );
}

const clockWords = (aheadMs: number): string => {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  return seconds < 5 ? 'Right' : `${formatDuration(seconds)} ${aheadMs > 0 ? 'ahead' : 'behind'}`;
};

const spoolWords = ({ batches, bytes, mostBytes }: NonNullable<Collector['spool']>): string =>
  batches === 0
    ? 'Nothing'
    : `${formatNumber(batches)} ${batches === 1 ? 'batch' : 'batches'}, ${mebibytes(bytes)} of ${mebibytes(mostBytes)} MB`;

const mebibytes = (bytes: number) => formatNumber(Math.ceil(bytes / 2 ** 20));

type Source = Collector['sources'][number];

const readers: Readonly<Record<Source['state'], { tone: Tone; words(source: Source): string }>> = {
  reading: { tone: 'good', words: () => 'Reads it' },
  standing_by: { tone: 'quiet', words: ({ reader }) => `Standing by: read by ${reader ?? 'another collector'}` },
  elsewhere: { tone: 'low', words: ({ reader }) => `Read by ${reader ?? 'another collector'} at the moment` },
  idle: { tone: 'medium', words: () => 'Read by nobody at the moment' },
};

function Sources({ sources }: { sources: readonly Source[] }) {
  if (sources.length === 0) return null;
  return (
    <Section title="Systems it can read" flush>
      <div className={classes.scroll}>
        <Table className={classes.table ?? ''} aria-label="Systems it can read" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>System</Table.Th>
              <Table.Th>Kind</Table.Th>
              <Table.Th>Read by</Table.Th>
              <Table.Th>Records belong to</Table.Th>
              <Table.Th>Id</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sources.map((source) => {
              const { tone, words } = readers[source.state];
              return (
                <Table.Tr key={source.id}>
                  <Table.Td>{source.name}</Table.Td>
                  <Table.Td style={{ whiteSpace: 'nowrap' }}>{source.kindName}</Table.Td>
                  <Table.Td>
                    <Tag tone={tone}>{words(source)}</Tag>
                  </Table.Td>
                  <Table.Td>{source.home ?? '—'}</Table.Td>
                  <Table.Td style={{ color: 'var(--mantine-color-dimmed)' }}>{source.id}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  );
}
