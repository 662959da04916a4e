import { Loaded, Section, Tag, useApi } from '@gatehouse/ui';
import { Table, Text } from '@mantine/core';
import { paths } from '../api/paths.ts';

const obstacles = {
  disabled: 'The user is switched off',
  access: 'No group policy gives access to endpoints',
  protocol: 'Not with this protocol',
  role: 'The Jump item role starts no sessions',
  schedule: 'Not at this time',
} as const;
const types = { 'shell-jump': 'Shell', 'remote-vnc': 'VNC', 'remote-rdp': 'RDP' } as const;

/** What a user reaches at this moment, and what stands in the way. */
export function ReachOfUser({ id }: { id: string }) {
  const reach = useApi(paths.reach(id, { limit: '100' }), { every: 60_000 });
  return (
    <Section title="What this user reaches now" lead="By group policies, Jump groups and the time of day.">
      <Loaded query={reach} rows={3}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              Nothing. Make the user a member of a group policy that has Jump groups.
            </Text>
          ) : (
            <div style={{ overflowX: 'auto' }}>
              <Table fz="sm" aria-label="What this user reaches now" verticalSpacing={8}>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>Jump item</Table.Th>
                    <Table.Th>Host</Table.Th>
                    <Table.Th>Jump group</Table.Th>
                    <Table.Th>Session</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((item) => (
                    <Table.Tr key={`${item.type} ${item.id}`}>
                      <Table.Td>
                        <a href={`/login/jump-items/${item.type}/${item.id}`}>{item.name}</a>{' '}
                        <Text span size="xs" c="dimmed">
                          {types[item.type]}
                        </Text>
                      </Table.Td>
                      <Table.Td>{item.port === null ? item.hostname : `${item.hostname}:${item.port}`}</Table.Td>
                      <Table.Td>{item.jumpGroup?.name ?? 'Their own'}</Table.Td>
                      <Table.Td>
                        {item.obstacle === null ? (
                          <Tag tone="good">May begin</Tag>
                        ) : (
                          <Tag tone="medium">{obstacles[item.obstacle]}</Tag>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
              {next === null ? null : (
                <Text size="xs" c="dimmed" mt="xs">
                  These are the first 100, by name.
                </Text>
              )}
            </div>
          )
        }
      </Loaded>
    </Section>
  );
}
