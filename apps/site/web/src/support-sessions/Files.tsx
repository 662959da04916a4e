import { formatTime, Notice, Section, SideScroll, Tag } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Stack, Table, Text } from '@mantine/core';
import { IconDownload, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { paths, type SupportFile, type WholeSession } from '../api/paths.ts';
import { sizeOf } from '../console/file-paths.ts';
import { ScreenReplay } from './ScreenReplay.tsx';

/** What was sent, and what was seen of screens. */
export function Files({ session }: { session: WholeSession }) {
  const { files, removed } = session;
  const sent = files.filter(({ kind }) => kind === 'file');
  const screens = files.filter(({ kind }) => kind === 'screen');
  return (
    <>
      <Section title="Shared screens" flush>
        {screens.length === 0 ? (
          <Nothing
            removedAt={removed.recordingsAt}
            isOver={session.state === 'ended'}
            gone="The recordings of shared screens are"
            none="No screen was recorded."
          />
        ) : (
          <Screens session={session} screens={screens} />
        )}
      </Section>
      <Section title="Files" flush>
        {sent.length === 0 ? (
          <Nothing
            removedAt={removed.filesAt}
            isOver={session.state === 'ended'}
            gone="Files are"
            none="No file was sent."
          />
        ) : (
          <FileTable session={session} files={sent} label="Files" />
        )}
      </Section>
    </>
  );
}

interface NothingProps {
  removedAt: string | null;
  isOver: boolean;
  gone: string;
  none: string;
}

function Nothing({ removedAt, isOver, gone, none }: NothingProps) {
  return (
    <Text c="dimmed" size="sm" px="md" pb="md">
      {removedAt === null || !isOver
        ? none
        : `${gone} kept no longer: the retention looked at them ${formatTime(new Date(removedAt))}.`}
    </Text>
  );
}

function Screens({ session, screens }: { session: WholeSession; screens: readonly SupportFile[] }) {
  const [played, setPlayed] = useState<SupportFile | null>(null);
  return (
    <Stack gap={0}>
      <FileTable session={session} files={screens} label="Recordings of shared screens" onPlay={setPlayed} />
      {played === null ? null : (
        <div style={{ padding: '0 16px 16px' }}>
          <ScreenReplay key={played.id} lsid={session.lsid} screen={played} />
        </div>
      )}
    </Stack>
  );
}

interface FileTableProps {
  session: WholeSession;
  files: readonly SupportFile[];
  label: string;
  onPlay?: (file: SupportFile) => void;
}

function FileTable({ session, files, label, onPlay }: FileTableProps) {
  const nameOf = (gsnumber: number) =>
    session.participants.find((one) => one.gsnumber === gsnumber)?.name ?? 'Somebody';
  return (
    <>
      <SideScroll label={`${label} of the session`}>
        <Table fz="sm" miw={760} aria-label={label} horizontalSpacing="md" verticalSpacing={8}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Of</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Size</Table.Th>
              <Table.Th>SHA-256</Table.Th>
              <Table.Th>Open</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {files.map((file) => (
              <Table.Tr key={file.id}>
                <Table.Td style={{ overflowWrap: 'anywhere', minWidth: 140 }}>
                  {file.name} {file.state === 'broken' ? <Tag tone="medium">Not whole</Tag> : null}
                </Table.Td>
                <Table.Td>{nameOf(file.gsnumber)}</Table.Td>
                <Table.Td>{formatTime(new Date(file.beganAt))}</Table.Td>
                <Table.Td>{sizeOf(file.bytes)}</Table.Td>
                <Table.Td title={file.sha256 ?? ''}>
                  <code>{file.sha256 === null ? '—' : `${file.sha256.slice(0, 12)}…`}</code>
                </Table.Td>
                <Table.Td>
                  <Group gap={6} wrap="nowrap">
                    {onPlay === undefined ? null : (
                      <Button
                        size="compact-xs"
                        variant="default"
                        leftSection={<IconPlayerPlay size={14} />}
                        aria-label={`Play ${file.name}`}
                        onClick={() => onPlay(file)}
                      >
                        Play
                      </Button>
                    )}
                    <ActionIcon
                      component="a"
                      href={paths.supportFile(session.lsid, file)}
                      download
                      variant="default"
                      aria-label={`Download ${file.name}`}
                    >
                      <IconDownload size={15} />
                    </ActionIcon>
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </SideScroll>
      {onPlay === undefined ? (
        <Notice tone="low">Files come from customers. Open one only where you would open it from a stranger.</Notice>
      ) : null}
    </>
  );
}
