import { ConfirmDialog, get, Logo, Notice, send, Tag, toast } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconPlugConnectedX, IconScreenShare, IconScreenShareOff, IconUser } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { PortalSession } from '../../../src/api/portal.ts';
import { paths } from '../api/paths.ts';
import { Chat } from '../support/Chat.tsx';
import type { LiveLine } from '../support/live-line.ts';
import { createScreenSender, isScreenShareable, type ScreenSender } from '../support/screen-sender.ts';
import { useLive } from '../support/use-live.ts';
import { Lend } from './Lend.tsx';
import classes from './Portal.module.css';
import { PortalEnd } from './PortalEnd.tsx';

const find = async () => {
  const found = await get(paths.portalSession);
  return found === null ? null : { session: found.session, you: found.you, events: [] };
};

interface PortalRoomProps {
  begun: PortalSession;
  company: string;
  isRecorded: boolean;
  onAnew(): void;
}

/** The session of a customer: who is there, what is said, and what they share. */
export function PortalRoom({ begun, company, isRecorded, onAnew }: PortalRoomProps) {
  const { line, state } = useLive('/api/portal/session/live', find);
  const [isAsking, setAsking] = useState(false);
  const end = useMutation({
    mutationFn: () => send('POST', '/api/portal/session/leave', {}),
    onSuccess: () => line?.connect(),
    onError: toast.failed,
    onSettled: () => setAsking(false),
  });
  if (line === null || state === null) return null;
  const session = state.session ?? begun.session;
  if (state.link === 'over' || session.state === 'ended')
    return <PortalEnd session={session} survey={begun.survey} state={state} line={line} onAnew={onAnew} />;
  const helpers = session.participants.filter(({ kind, leftAt }) => kind === 'representative' && leftAt === null);
  return (
    <div className={classes.room}>
      <header className={classes.bar}>
        <Logo size={24} />
        <h1 className={classes.roomTitle}>{company === '' || company === 'gatehouse' ? 'Remote support' : company}</h1>
        <span className={classes.people} role="status">
          {helpers.length === 0 ? (
            <Tag tone="medium">Waiting for a representative</Tag>
          ) : (
            helpers.map(({ gsnumber, name }) => (
              <Tag key={gsnumber} tone="good" icon={<IconUser size={13} />}>
                {name} is connected
              </Tag>
            ))
          )}
        </span>
        <Button
          size="compact-md"
          color="red.9"
          leftSection={<IconPlugConnectedX size={16} />}
          onClick={() => setAsking(true)}
        >
          End session
        </Button>
      </header>
      {state.link === 'lost' ? (
        <Notice tone="medium" title="The connection was lost" isUrgent>
          It is being made again. What you write meanwhile is sent then.
        </Notice>
      ) : null}
      <div className={classes.columns}>
        {begun.may.shareScreen || session.machine !== null ? (
          <div className={classes.side}>
            <Lend session={session} />
            {begun.may.shareScreen ? <Share line={line} isRecorded={isRecorded} isSeen={helpers.length > 0} /> : null}
          </div>
        ) : null}
        <div className={classes.talk}>
          <Chat line={line} state={state} files="/api/portal/session/files" maySendFiles={begun.may.sendFiles} />
        </div>
      </div>
      <ConfirmDialog
        opened={isAsking}
        title="End the session?"
        action="End session"
        danger
        busy={end.isPending}
        onConfirm={() => end.mutate()}
        onClose={() => setAsking(false)}
      >
        Nobody sees your screen any more, and the chat is over. To come back you need a new session key.
      </ConfirmDialog>
    </div>
  );
}

/** What of the machine others can see, in words that cannot be missed. */
function Share({ line, isRecorded, isSeen }: { line: LiveLine; isRecorded: boolean; isSeen: boolean }) {
  const [sender, setSender] = useState<ScreenSender | null>(null);
  const [isShared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const own = createScreenSender(line);
    const end = own.onChange(setShared);
    setSender(own);
    return () => {
      end();
      own.close();
    };
  }, [line]);
  useEffect(() => {
    if (!isShared) return;
    // Leaving by mistake ends what the other side looks at.
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', stay);
    return () => removeEventListener('beforeunload', stay);
  }, [isShared]);
  const start = async () => {
    setProblem(null);
    try {
      await sender?.start();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : 'The screen could not be shared.');
    }
  };
  return (
    <section className={classes.share} aria-labelledby="share" data-shared={isShared ? 'true' : undefined}>
      <h2 id="share">{isShared ? 'Your screen is shared' : 'Your screen is not shared'}</h2>
      <p>
        {isShared
          ? `Everybody in this session sees what you chose${isRecorded ? ', and it is recorded' : ''}. Nobody can type or click in it.`
          : 'You choose what to show: a window, a tab or the whole screen. You can stop at any time.'}
      </p>
      {problem === null ? null : (
        <p role="alert" className={classes.problem}>
          {problem}
        </p>
      )}
      {isShared ? (
        <Button color="red.9" leftSection={<IconScreenShareOff size={17} />} onClick={() => sender?.stop()}>
          Stop sharing
        </Button>
      ) : isScreenShareable() ? (
        <Button
          leftSection={<IconScreenShare size={17} />}
          disabled={!isSeen}
          {...(isSeen ? {} : { title: 'Nobody is there to see it yet.' })}
          onClick={() => void start()}
        >
          Share the screen
        </Button>
      ) : (
        <p className={classes.hint}>
          This browser cannot share a screen. On a computer with a current browser it works.
        </p>
      )}
    </section>
  );
}
