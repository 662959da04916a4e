import { JsonView, Loaded, Timeline, useApi } from '@gatehouse/ui';
import { Text } from '@mantine/core';
import { IconPoint } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';

/** What the audit has under one correlation id, newest first. */
export function SessionTrail({ correlationId }: { correlationId: string }) {
  const trail = useApi(paths.audit({ search: correlationId, limit: '100' }), { every: 15_000 });
  return (
    <Loaded query={trail} rows={3}>
      {({ items }) =>
        items.length === 0 ? (
          <Text c="dimmed" size="sm" mt="sm">
            Nothing yet.
          </Text>
        ) : (
          <Timeline
            label="Audit trail"
            entries={items.map(({ id, at, action, actor, target, change }) => ({
              ...{ id, at, tone: 'quiet' as const, icon: <IconPoint size={16} /> },
              title: `${action}: ${target}`,
              note: `${actor}, `,
              ...(Object.keys(change).length === 0 ? {} : { more: <JsonView value={change} label="What changed" /> }),
            }))}
          />
        )
      }
    </Loaded>
  );
}
