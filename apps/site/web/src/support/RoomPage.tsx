import { EmptyState, ErrorState, get, LoadingState, Notice, send, toast, useApi, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { z } from 'zod';
import type { OwnSupportSession } from '../../../src/api/support.ts';
import { paths } from '../api/paths.ts';
import { CannedMessages } from './CannedMessages.tsx';
import { Chat } from './Chat.tsx';
import type { Found } from './live-line.ts';
import { MachineView } from './MachineView.tsx';
import classes from './Room.module.css';
import { RoomBar } from './RoomBar.tsx';
import { RoomDetails } from './RoomDetails.tsx';
import { RoomEnd } from './RoomEnd.tsx';
import { Stage } from './Stage.tsx';
import { useConsole } from './use-console.ts';
import { useLive } from './use-live.ts';

type Own = z.output<typeof OwnSupportSession>;

/** A support session in all of the window. Loading the page again comes back to it. */
export function RoomPage() {
  const { lsid = '' } = useParams({ strict: false }) as { lsid?: string };
  const own = useApi(paths.supportSession(lsid), { once: true });
  useCrumbs({ title: own.data?.customer || 'Session' });
  if (own.data === undefined)
    return own.error === null ? (
      <LoadingState rows={4} />
    ) : (
      <ErrorState error={own.error} onRetry={() => void own.refetch()} />
    );
  if (own.data.you === null) return <NotIn session={own.data} onJoined={() => void own.refetch()} />;
  return <Room key={lsid} own={own.data} />;
}

const toFound = ({ participants, events, customer: _, jumpClientId: __, you, ...session }: Own): Found => ({
  ...{ you: you ?? 0, events },
  session: {
    ...session,
    participants: participants.map(({ gsnumber, kind, name, joinedAt, leftAt }) => ({
      ...{ gsnumber, kind, name, joinedAt, leftAt },
    })),
  },
});

function Room({ own }: { own: Own }) {
  const { lsid } = own;
  const console = useConsole();
  const { line, state } = useLive(`/api/support/sessions/${lsid}/live`, async (after) =>
    toFound(await get(paths.supportSession(lsid, after))),
  );
  if (line === null || state === null || state.session === null) return <LoadingState rows={4} />;
  const { session, you } = state;
  if (state.link === 'over') return <RoomEnd own={own} line={line} state={state} />;
  const customer = own.participants.find(({ kind }) => kind === 'customer');
  return (
    <div className={classes.room} data-full-page>
      <RoomBar session={session} you={you} mayEnd={console.answer?.rights.end === true} />
      {state.link === 'lost' ? (
        <Notice tone="medium" title="The connection was lost" isUrgent>
          It is being made again. What you write meanwhile is sent then.
        </Notice>
      ) : null}
      <div className={classes.columns}>
        <div className={classes.talk}>
          <Chat
            line={line}
            state={state}
            files={`/api/support/sessions/${lsid}/files`}
            maySendFiles={own.maySendFiles}
            tools={(insert) => <CannedMessages onChoose={insert} />}
          />
        </div>
        {own.jumpClientId === null ? (
          <Stage session={session} line={line} state={state} address={customer?.address ?? ''} />
        ) : (
          <MachineView lsid={lsid} />
        )}
        <RoomDetails session={session} customer={customer} events={state.events} />
      </div>
    </div>
  );
}

/** They may see it, and are not in it yet. */
function NotIn({ session, onJoined }: { session: Own; onJoined(): void }) {
  const join = useMutation({
    mutationFn: () => send('POST', `/api/support/sessions/${session.lsid}/join`, {}),
    onSuccess: onJoined,
    onError: toast.failed,
  });
  return (
    <EmptyState
      title={`${session.customer || 'A customer'} is waiting`}
      actions={
        <>
          <Button loading={join.isPending} onClick={() => join.mutate()}>
            {session.state === 'waiting' ? 'Accept' : 'Join'}
          </Button>
          <Button component="a" href="/console/support" variant="default">
            To the queues
          </Button>
        </>
      }
    >
      {session.state === 'waiting' ? 'Whoever accepts the session helps.' : 'You are invited to this session.'}
    </EmptyState>
  );
}
