import { formatTime, LoadingState, Section, SideScroll, useApi } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Table } from '@mantine/core';
import { IconDownload, IconPlayerPlay } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { paths, type WholeSession } from '../api/paths.ts';
import { fetchRecording } from '../recordings/fetch-recording.ts';
import type { SupportEvent } from './use-events.ts';

// Its player is as large as the rest of the page.
const ShellReplay = lazy(async () => ({ default: (await import('../recordings/ShellReplay.tsx')).ShellReplay }));

interface ShellsProps {
  session: WholeSession;
  events: readonly SupportEvent[];
}

/** What was seen in shells of the machine; nothing where there was none. */
export function Shells({ session: { lsid, participants }, events }: ShellsProps) {
  const shells = useApi(paths.machineShells(lsid));
  const [played, setPlayed] = useState<string | null>(null);
  const items = shells.data?.items ?? [];
  if (items.length === 0) return null;
  const openedOf = (id: string) => events.find(({ type, body }) => type === 'shell_opened' && body.shell === id);
  return (
    <Section title="Recorded shells" flush>
      <SideScroll label="Recorded shells of the session">
        <Table fz="sm" miw={560} aria-label="Recorded shells" horizontalSpacing="md" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Of</Table.Th>
              <Table.Th>Opened</Table.Th>
              <Table.Th>Open</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map(({ id }, index) => {
              const opened = openedOf(id);
              const name = `Shell ${index + 1}`;
              return (
                <Table.Tr key={id}>
                  <Table.Td>{name}</Table.Td>
                  <Table.Td>
                    {participants.find(({ gsnumber }) => gsnumber === opened?.performedBy)?.name ?? 'Somebody'}
                  </Table.Td>
                  <Table.Td>{opened === undefined ? '—' : formatTime(new Date(opened.at))}</Table.Td>
                  <Table.Td>
                    <Group gap={6} wrap="nowrap">
                      <Button
                        size="compact-xs"
                        variant="default"
                        leftSection={<IconPlayerPlay size={14} />}
                        aria-label={`Play ${name}`}
                        onClick={() => setPlayed(id)}
                      >
                        Play
                      </Button>
                      <ActionIcon
                        component="a"
                        href={paths.machineRecording(lsid, id)}
                        download={`${lsid}-shell-${index + 1}.cast`}
                        variant="default"
                        aria-label={`Download ${name}`}
                      >
                        <IconDownload size={15} />
                      </ActionIcon>
                    </Group>
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </SideScroll>
      {played === null ? null : (
        <div style={{ padding: '0 16px 16px' }}>
          <Suspense fallback={<LoadingState rows={6} />}>
            <Played key={played} lsid={lsid} shell={played} />
          </Suspense>
        </div>
      )}
    </Section>
  );
}

function Played({ lsid, shell }: { lsid: string; shell: string }) {
  const source = useCallback(() => fetchRecording(paths.machineRecording(lsid, shell)), [lsid, shell]);
  return <ShellReplay source={source} />;
}
