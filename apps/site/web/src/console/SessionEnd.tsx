import { formatDuration, formatTime, Notice } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import type { Session } from '../api/paths.ts';
import classes from './SessionPage.module.css';
import { endings, secondsOf } from './words.tsx';

interface SessionEndProps {
  session: Session;
  /** It was somebody else's. */
  isGuest: boolean;
  /** Why a guest is in it no longer, while it goes on. */
  dismissed: string | null;
}

/** What is left of a session: why it ended, and where to go from here. */
export function SessionEnd({ session, isGuest, dismissed }: SessionEndProps) {
  const { item, ending, account, endedAt, recording, id, person } = session;
  const problem = dismissed ?? session.problem;
  const seconds = secondsOf(session);
  const Icon = ending === 'failed' ? IconCircleX : IconCircleCheck;
  return (
    <div className={classes.middle}>
      <Icon size={34} stroke={1.5} />
      <h1 className={classes.title}>
        {dismissed !== null
          ? `You are in the session of ${person.name} no longer`
          : ending === null || ending === 'left'
            ? `${isGuest ? person.name : 'You'} ended the session`
            : endings[ending](session)}
      </h1>
      {problem === null ? null : (
        <Notice tone={ending === 'failed' ? 'critical' : 'medium'} isUrgent>
          {problem}
        </Notice>
      )}
      <p>
        {account === '' ? item.name : `${account} @ ${item.name}`}
        {seconds === null ? '' : ` · ${formatDuration(seconds)}`}
        {endedAt === null ? '' : ` · ${formatTime(new Date(endedAt))}`}
      </p>
      <div className={classes.buttons}>
        <Button component="a" href={`/console/${item.type}/${item.id}`} leftSection={<IconRefresh size={16} />}>
          {dismissed === null ? 'Open again' : 'Join again'}
        </Button>
        {!isGuest && (recording === 'kept' || recording === 'broken') ? (
          <Button
            component="a"
            href={`/console/sessions/${id}/replay`}
            variant="default"
            leftSection={<IconPlayerPlay size={16} />}
          >
            Watch the recording
          </Button>
        ) : null}
        <Button component="a" href="/console" variant="default">
          Back to the console
        </Button>
      </div>
    </div>
  );
}
