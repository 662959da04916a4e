import { Button, Text } from '@mantine/core';
import { IconDeviceDesktop } from '@tabler/icons-react';
import { Section } from '../../Page.tsx';
import { RelativeTime } from '../../RelativeTime.tsx';
import { Loaded } from '../../states.tsx';
import { Tag } from '../../Tag.tsx';
import { toast } from '../../toast.tsx';
import { useApi, useRefresh } from '../client.ts';
import type { ApiPath } from '../path.ts';
import { send } from '../send.ts';
import { useAction } from '../use-action.ts';
import classes from './person.module.css';

interface MySession {
  readonly sessionId: string;
  readonly current: boolean;
  readonly lastUsedAt: string;
  readonly address: string | null;
  readonly browser: string | null;
}
const sessionsPath = '/api/me/sessions' as ApiPath<readonly MySession[]>;

/** Where this person is signed in. */
export function SignIns() {
  const sessions = useApi(sessionsPath);
  const refresh = useRefresh();
  const end = useAction({
    mutationFn: ({ sessionId }: MySession) => send('DELETE', `${sessionsPath}/${encodeURIComponent(sessionId)}`),
    onSuccess: () => {
      void refresh(sessionsPath);
      toast.done('Signed out there.');
    },
    onError: toast.failed,
  });
  const endAll = useAction({
    mutationFn: () => send('DELETE', sessionsPath),
    onSuccess: () => location.assign('/sign-in'),
    onError: toast.failed,
  });
  return (
    <Section
      title="Where you are signed in"
      actions={
        <Button variant="default" loading={endAll.isPending} onClick={() => endAll.mutate()}>
          Sign out everywhere
        </Button>
      }
    >
      <Loaded query={sessions} rows={2}>
        {(all) => (
          <ul className={classes.rows}>
            {all.map((session) => (
              <li key={session.sessionId}>
                <IconDeviceDesktop size={17} aria-hidden="true" />
                <span className={classes.grow}>
                  {browserWords(session.browser)}
                  <Text size="xs" c="dimmed">
                    {session.address ?? 'address not known'} · used <RelativeTime at={session.lastUsedAt} />
                  </Text>
                </span>
                {session.current ? (
                  <Tag tone="good">This browser</Tag>
                ) : (
                  <Button variant="default" size="compact-sm" onClick={() => end.mutate(session)}>
                    Sign out
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

/** "Firefox on Linux": enough to know it again. */
const browserWords = (browser: string | null): string => {
  if (browser === null) return 'A browser or program';
  const name = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari', 'curl'].find((one) => browser.includes(one));
  const system = ['Windows', 'Android', 'iPhone', 'Mac OS', 'Linux'].find((one) => browser.includes(one));
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };
  return name === undefined
    ? browser.slice(0, 80)
    : `${names[name] ?? name}${system === undefined ? '' : ` on ${system}`}`;
};
