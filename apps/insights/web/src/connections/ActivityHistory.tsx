import { EmptyState, Loaded, Section, Timeline, type TimelineEntry, type Tone, useApi } from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconCirclePlus,
  IconHeartbeat,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconServer2,
  IconSettings,
  IconX,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useGo, useQueryString } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { Activity, ConnectionDetail } from '../api/types.ts';
import { FaultView } from './FaultView.tsx';

/** Everything that happened to a connection, newest first; an entry with a fault opens to what to do about it. */
export function ActivityHistory({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const { connectionId, streams } = connection;
  const cursor = useQueryString().get('cursor');
  const go = useGo();
  const activity = useApi(
    paths.activity(tenantId, connectionId, cursor === null ? undefined : new URLSearchParams({ cursor })),
    { every: 15_000, keep: true },
  );
  const here = pages.activity(tenantId, connectionId);
  return (
    <Section title="Activity Timeline">
      <Loaded query={activity}>
        {({ items, next }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing has happened yet" />
          ) : (
            <>
              <Timeline
                label="Activity of this connector"
                entries={items.map((one, position) => toEntry(one, position === 0, streams))}
              />
              {cursor === null && next === null ? null : (
                <Group justify="flex-end">
                  {cursor === null ? null : (
                    <Button variant="default" onClick={() => go(here)}>
                      Newest
                    </Button>
                  )}
                  <Button
                    variant="default"
                    disabled={next === null}
                    onClick={() => go(`${here}?${new URLSearchParams({ cursor: next ?? '' })}`)}
                  >
                    Older
                  </Button>
                </Group>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

const icons: Readonly<Record<Activity['kind'], ReactNode>> = {
  created: <IconCirclePlus size={15} />,
  renamed: <IconPencil size={15} />,
  settings: <IconSettings size={15} />,
  turned_on: <IconPlayerPlay size={15} />,
  turned_off: <IconPlayerPause size={15} />,
  run: <IconRefresh size={15} />,
  check: <IconHeartbeat size={15} />,
  fault: <IconX size={15} />,
  recovered: <IconCheck size={15} />,
  collector: <IconServer2 size={15} />,
};
const tones: Readonly<Record<string, Tone>> = { connected: 'good', warning: 'medium', failed: 'critical' };

const toEntry = (activity: Activity, isNewest: boolean, streams: ConnectionDetail['streams']): TimelineEntry => {
  const streamTitle = streams.find((one) => one.stream === activity.stream)?.title ?? activity.stream;
  const { id, at, kind, title, actor, health, fault } = activity;
  const isWarning = health === 'warning';
  return {
    id,
    at,
    icon: isWarning ? <IconAlertTriangle size={15} /> : icons[kind],
    tone: tones[health ?? ''] ?? (kind === 'recovered' ? 'good' : 'quiet'),
    title,
    note: [actor, streamTitle].filter(Boolean).join(' · ') || undefined,
    ...(fault === null ? {} : { more: <FaultView fault={fault} />, isOpen: isNewest }),
  };
};
