import { Notice, RelativeTime, useApi } from '@gatehouse/ui';
import { IconPlayerPlay } from '@tabler/icons-react';
import { paths } from '../api/paths.ts';

/** The way back to what is still open. */
export function LiveSessions() {
  const live = useApi(paths.ownSessions({ live: 'true', limit: '5' }), { every: 15_000 });
  // Out of a colleague's session there is no way back but by joining it again.
  const sessions = live.data?.items.filter(({ role }) => role !== 'left') ?? [];
  if (sessions.length === 0) return null;
  return (
    <Notice
      tone="low"
      icon={<IconPlayerPlay size={17} />}
      title={sessions.length === 1 ? 'You have a session open' : `You have ${sessions.length} sessions open`}
    >
      {sessions.map(({ id, item, requestedAt }) => (
        <div key={id}>
          <a href={`/console/sessions/${id}`}>Back to {item.name}</a>, opened <RelativeTime at={requestedAt} />
        </div>
      ))}
    </Notice>
  );
}
