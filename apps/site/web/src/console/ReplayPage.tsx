import { formatDuration, formatTime, Loaded, Page, useApi, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { paths } from '../api/paths.ts';
import { Replay } from '../recordings/Replay.tsx';
import { SessionTag, secondsOf } from './words.tsx';

/** One's own session, once more. */
export function ReplayPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const session = useApi(paths.ownSession(id));
  useCrumbs(
    { title: 'Console', href: '/console' },
    { title: 'Your sessions', href: '/console/sessions' },
    { title: session.data?.item.name ?? 'Recording' },
  );
  return (
    <Loaded query={session} rows={4} height={60}>
      {(found) => (
        <Page
          title={`Recording: ${found.item.name}`}
          aside={<SessionTag session={found} />}
          lead={`${formatTime(new Date(found.requestedAt))} · ${formatDuration(secondsOf(found) ?? 0)}${found.account === '' ? '' : ` · ${found.account}`}`}
          actions={
            <Button
              component="a"
              href={paths.recording(id, { download: 'true' })}
              download
              variant="default"
              leftSection={<IconDownload size={16} />}
            >
              Download
            </Button>
          }
        >
          <Replay session={found} />
        </Page>
      )}
    </Loaded>
  );
}
