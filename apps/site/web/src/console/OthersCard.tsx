import { Notice, RelativeTime } from '@gatehouse/ui';
import { Button, Stack } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { ItemDetail } from '../api/paths.ts';
import type { Opening } from './use-opening.ts';

/** Who has a session with this endpoint now, and what its policy makes of one more. */
export function OthersCard({ item: { others }, opening }: { item: ItemDetail; opening: Opening }) {
  const { rule, sessions } = others;
  if (sessions.length === 0 || rule === 'own') return null;
  const title =
    sessions.length === 1
      ? `${sessions[0]?.person} has a session with it`
      : `${sessions.length} people have sessions with it`;
  return (
    <Notice tone={rule === 'disallow' ? 'medium' : 'low'} icon={<IconUsers size={17} />} title={title}>
      <Stack gap="xs" align="flex-start">
        <span>{words[rule]}</span>
        {sessions.map(({ id, person, since, state }) => (
          <span key={id}>
            {sessions.length === 1 ? 'Begun' : `${person}, begun`} <RelativeTime at={since} />
            {rule === 'join' && state !== 'open' ? ', and not open yet' : ''}
          </span>
        ))}
        {rule === 'join'
          ? sessions.map(({ id, person, state }) => (
              <Button
                key={id}
                disabled={state !== 'open' || !opening.isAllowed}
                loading={opening.joining === id}
                onClick={() => opening.join(id)}
              >
                Join {person}
              </Button>
            ))
          : null}
      </Stack>
    </Notice>
  );
}

const words = {
  join: 'Its policy has you join: you see the same terminal, and both of you type in it, with the account that it was opened with. The site writes down that both of you were in it. It ends when the one who opened it ends it.',
  'no-join':
    'Its policy asks people to join one session. With VNC that is not possible here, so you get a session of your own; whether both show the same screen is up to the endpoint.',
  disallow: 'Its policy allows one person at a time. Ask them to end their session, or wait.',
} as const;
