import { RelativeTime, Timeline } from '@gatehouse/ui';
import { Anchor, Table } from '@mantine/core';
import { IconAlertTriangle, IconCircleX, IconInfoCircle } from '@tabler/icons-react';
import type { JobDetail } from '../api/types.ts';
import { StateTag } from '../parts/tags.tsx';
import { accountWords } from '../parts/words.ts';

/** How every credential of a job stands. */
export function JobTargets({ job }: { job: JobDetail }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table aria-label="Systems of the job" fz="sm" verticalSpacing={8}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>System</Table.Th>
            <Table.Th>Account</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Attempt</Table.Th>
            <Table.Th>Message</Table.Th>
            <Table.Th>When</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {job.targets.map((target) => (
            <Table.Tr key={target.credentialId}>
              <Table.Td>{target.systemName}</Table.Td>
              <Table.Td>
                <Anchor fz="sm" href={`/credentials/${target.credentialId}`}>
                  {accountWords(target)}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <StateTag state={target.state} />
              </Table.Td>
              <Table.Td>{target.attempt}</Table.Td>
              <Table.Td>{target.message || '—'}</Table.Td>
              <Table.Td>
                {target.nextAttemptAt === null ? (
                  <RelativeTime at={target.finishedAt} />
                ) : (
                  <>
                    again <RelativeTime at={target.nextAttemptAt} />
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const looks = {
  info: { tone: 'low', icon: <IconInfoCircle size={15} /> },
  warning: { tone: 'medium', icon: <IconAlertTriangle size={15} /> },
  error: { tone: 'critical', icon: <IconCircleX size={15} /> },
} as const;

/** What the job said, newest first. */
export function JobMessages({ job, most = 200 }: { job: JobDetail; most?: number }) {
  const names = new Map(job.targets.map((one) => [one.credentialId, one.systemName]));
  if (job.messages.length === 0) return null;
  return (
    <Timeline
      label="Messages"
      entries={job.messages.slice(0, most).map(({ at, level, credentialId, text }, place) => ({
        id: `${at} ${place}`,
        at,
        ...looks[level],
        title: text,
        note: credentialId === null ? null : `${names.get(credentialId) ?? ''} · `,
      }))}
    />
  );
}
