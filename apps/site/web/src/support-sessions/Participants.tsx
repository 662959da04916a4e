import { formatTime, Section, SideScroll } from '@gatehouse/ui';
import { Anchor, Table, Text } from '@mantine/core';
import type { WholeSession } from '../api/paths.ts';

/** Everybody who was in it, in the order they came. */
export function Participants({ session: { participants } }: { session: WholeSession }) {
  return (
    <Section title="Participants" flush>
      {participants.length === 0 ? (
        <Text c="dimmed" size="sm" p="md">
          Nobody came yet.
        </Text>
      ) : (
        <SideScroll label="Participants of the session">
          <Table fz="sm" miw={760} aria-label="Participants" horizontalSpacing="md" verticalSpacing={8}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Is</Table.Th>
                <Table.Th>Address</Table.Th>
                <Table.Th>Machine</Table.Th>
                <Table.Th>Came</Table.Th>
                <Table.Th>Left</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {participants.map((one) => (
                <Table.Tr key={one.gsnumber}>
                  <Table.Td>
                    {one.userId === null ? (
                      one.name
                    ) : (
                      <Anchor fz="sm" href={`/login/users/${one.userId}`}>
                        {one.name}
                      </Anchor>
                    )}
                  </Table.Td>
                  <Table.Td>{one.kind === 'customer' ? 'Customer' : 'Representative'}</Table.Td>
                  <Table.Td>{one.address || '—'}</Table.Td>
                  <Table.Td>
                    {[one.hostname, one.operatingSystem].filter((word) => word !== '').join(', ') || '—'}
                  </Table.Td>
                  <Table.Td>{formatTime(new Date(one.joinedAt))}</Table.Td>
                  <Table.Td>{one.leftAt === null ? 'Is there' : formatTime(new Date(one.leftAt))}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </SideScroll>
      )}
    </Section>
  );
}
