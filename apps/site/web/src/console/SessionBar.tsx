import { formatDuration, Tag, usePerson } from '@gatehouse/ui';
import { ActionIcon, Button, Kbd, Popover, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconCircleFilled,
  IconEye,
  IconFingerprint,
  IconFolder,
  IconKeyboard,
  IconMaximize,
  IconUsers,
  IconVideoOff,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { Session } from '../api/paths.ts';
import { EndButton } from './EndButton.tsx';
import { LeaveButton } from './LeaveButton.tsx';
import classes from './SessionPage.module.css';
import type { LineState } from './session-line.ts';
import { ProtocolIcon, protocols, secondsOf } from './words.tsx';

interface SessionBarProps {
  session: Session;
  state: LineState;
  onFiles(): void;
}

/** What a person has to know while they work: where, as whom, who sees it, and how long it goes on. */
export function SessionBar({ session, state: { watchedBy, guests, isGuest }, onFiles }: SessionBarProps) {
  const { item, account, rules, person } = session;
  const own = usePerson().name;
  const isOpen = session.state === 'open';
  return (
    <div className={classes.bar} data-session-bar>
      <Tooltip label="Back to the console. The session stays open.">
        <ActionIcon component="a" href="/console" aria-label="Back to the console; the session stays open">
          <IconArrowLeft size={17} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.where}>
        <ProtocolIcon type={item.type} size={17} />
        <h1>
          {account === '' ? '' : `${account} @ `}
          {item.name}
        </h1>
        <span className={classes.dim}>{protocols[item.type]}</span>
      </span>
      <span className={classes.facts}>
        <Recorded recording={session.recording} />
        {watchedBy.length === 0 ? null : (
          <Tag tone="high" icon={<IconEye size={13} />}>
            Watched by {watchedBy.join(', ')}
          </Tag>
        )}
        {isGuest || guests.length > 0 ? (
          <Tag tone="medium" icon={<IconUsers size={13} />}>
            {isGuest
              ? [`Session of ${person.name}`, ...guests.filter((name) => name !== own)].join(', with ')
              : `Joined by ${guests.join(', ')}`}
          </Tag>
        ) : null}
        {isOpen ? <Times session={session} /> : null}
        {session.hostKey === null ? null : <HostKey session={session} />}
      </span>
      <span className={classes.actions}>
        {item.type === 'shell-jump' && isOpen && !isGuest ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconFolder size={15} />}
            {...(rules.upload || rules.download ? {} : { title: 'Files may not be moved in this session.' })}
            onClick={onFiles}
          >
            Files
          </Button>
        ) : null}
        {item.type === 'shell-jump' && isOpen ? <Keys clipboard={rules.clipboard} /> : null}
        {item.type === 'shell-jump' && document.fullscreenEnabled && isOpen ? (
          <ActionIcon aria-label="Full screen" onClick={toggleFullScreen}>
            <IconMaximize size={16} />
          </ActionIcon>
        ) : null}
        {!isOpen ? null : isGuest ? (
          <LeaveButton session={session} />
        ) : (
          <EndButton session={session} word="End session" />
        )}
      </span>
    </div>
  );
}

/** The keys that the terminal does not give to the endpoint. */
function Keys({ clipboard }: { clipboard: boolean }) {
  return (
    <Popover width={290}>
      <Popover.Target>
        <ActionIcon aria-label="Keys">
          <IconKeyboard size={17} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.keys}>
          {[
            ...(clipboard ? [['C', 'Copy what is selected'] as const, ['V', 'Paste'] as const] : []),
            ['F', 'Search in the terminal'] as const,
            ['L', 'Leave the terminal with the keyboard'] as const,
          ].map(([key, words]) => (
            <div key={key}>
              <dt>
                <Kbd size="xs">Ctrl</Kbd> <Kbd size="xs">Shift</Kbd> <Kbd size="xs">{key}</Kbd>
              </dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
        {clipboard ? null : <p className={classes.key}>Nothing may be copied out of this session or pasted into it.</p>}
      </Popover.Dropdown>
    </Popover>
  );
}

const toggleFullScreen = () =>
  void (document.fullscreenElement === null
    ? document.querySelector('[data-session]')?.requestFullscreen()
    : document.exitFullscreen());

function Recorded({ recording }: { recording: Session['recording'] }) {
  if (recording === 'running' || recording === 'kept')
    return (
      <Tag tone="critical" icon={<IconCircleFilled size={9} />}>
        Recorded
      </Tag>
    );
  return (
    <Tag tone="quiet" icon={<IconVideoOff size={13} />}>
      {recording === 'broken' ? 'Recording broke' : 'Not recorded'}
    </Tag>
  );
}

/** How long it has gone on, and how much is left. */
function Times({ session }: { session: Session }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const left = session.limitAt === null ? null : (Date.parse(session.limitAt) - now) / 1_000;
  return (
    <span className={classes.dim}>
      <span title="Since it opened">{formatDuration(secondsOf(session, now) ?? 0)}</span>
      {left === null ? null : (
        <span className={left < 300 ? classes.soon : undefined}> · {formatDuration(left)} left</span>
      )}
    </span>
  );
}

function HostKey({ session: { hostKey, hostKeyIsNew, item } }: { session: Session }) {
  return (
    <Popover width={340}>
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconFingerprint size={15} />}
          {...(hostKeyIsNew ? { rightSection: <Tag tone="medium">First use</Tag> } : {})}
        >
          Host key
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.key}>
          <code>{hostKey}</code>
        </p>
        <p className={classes.key}>
          {hostKeyIsNew
            ? `Nobody had a session with ${item.name} before this one, so its key was taken on trust. Compare it with what its administrator says. From now on it must be this one.`
            : `${item.name} has shown this key before.`}
        </p>
      </Popover.Dropdown>
    </Popover>
  );
}
