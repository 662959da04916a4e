import { EmptyState, ErrorState, LoadingState, Notice, Page, send, Tag, toProblem, useCrumbs } from '@gatehouse/ui';
import { Button } from '@mantine/core';
import { IconDeviceDesktop, IconSearchOff } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import type { ReachedDetail } from '../../../src/api/jump-clients.ts';
import type { LaunchAnswer, LaunchBegun, LaunchInput, LaunchTarget } from '../../../src/api/launches.ts';
import { StartDialog } from '../jump-clients/StartDialog.tsx';
import { type Start, startWord, ticketOf, useStart } from '../jump-clients/use-start.ts';
import classes from './Launch.module.css';

type Asked = z.input<typeof LaunchInput>;
type Answer = z.output<typeof LaunchAnswer>;

/** What the address says: a token behind a hash, or parameters of the client scripting API. */
const askedByAddress = (): Asked => {
  const token = decodeURIComponent(location.hash.slice(1));
  return token === '' ? { parameters: Object.fromEntries(new URLSearchParams(location.search)) } : { token };
};

/** Where a link of another program leads to: it says what was meant, and goes on once it is clear. */
export function LaunchPage() {
  useCrumbs({ title: 'Console', href: '/console' }, { title: 'Start a session' });
  const asked = useRef(askedByAddress()).current;
  const found = useQuery({
    queryKey: ['launch', asked],
    queryFn: () => send<Answer>('POST', '/api/console/launches/find', asked),
    ...{ retry: false, refetchOnWindowFocus: false },
  });
  if (found.data !== undefined)
    return <Choice asked={asked} answer={found.data} onAgain={() => void found.refetch()} />;
  return (
    <Page title="Start a session">
      {found.error === null ? (
        <LoadingState rows={3} />
      ) : toProblem(found.error).status === 409 ? (
        <EmptyState title="This link cannot be used" icon={<IconSearchOff size={28} stroke={1.5} />}>
          {toProblem(found.error).detail}
        </EmptyState>
      ) : (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      )}
    </Page>
  );
}

function Choice({ asked, answer, onAgain }: { asked: Asked; answer: Answer; onAgain(): void }) {
  const navigate = useNavigate();
  const { items: targets, search, externalKey, more } = answer;
  const [askedOf, setAskedOf] = useState<ReachedDetail | null>(null);
  const launch = (target: Pick<LaunchTarget, 'kind' | 'id'>, said = {}) =>
    send<z.output<typeof LaunchBegun>>('POST', '/api/console/launches', { ...asked, ...target, ...said });
  const onBegun = ({ path }: z.output<typeof LaunchBegun>) => void navigate({ to: path, replace: true });
  const withClient: Start<z.output<typeof LaunchBegun>> = {
    run: (id, said) => launch({ kind: 'jump-client', id }, said),
    ...{ onBegun, ticket: ticketOf(externalKey) },
  };
  const startClient = useStart({ ...withClient, onAsked: setAskedOf });
  // Its page asks what it asks.
  const toItem = useMutation({ mutationFn: ({ kind, id }: LaunchTarget) => launch({ kind, id }), onSuccess: onBegun });
  const start = (target: LaunchTarget) =>
    target.kind === 'jump-client' ? startClient.mutate(target.id) : toItem.mutate(target);
  const [only] = targets;
  const isClear = asked.token !== undefined && targets.length === 1 && only?.obstacle === null;
  // A link that was made for this person and leads to one place was pressed by them: nobody asks what it is for.
  const isBegun = useRef(false);
  useEffect(() => {
    if (!isClear || only === undefined || isBegun.current) return;
    isBegun.current = true;
    start(only);
  });
  const error = startClient.error ?? toItem.error;
  const problem = error === null ? null : toProblem(error);
  const isBusy = [startClient, toItem].some(({ isPending, isSuccess }) => isPending || isSuccess) && askedOf === null;
  return (
    <Page
      title="Start a session"
      lead={`${search === '' ? 'Everything' : `“${search}”`}${externalKey === '' ? '' : ` for ticket ${externalKey}`}`}
    >
      {askedOf === null ? null : (
        <StartDialog
          client={askedOf}
          of="jump-client"
          start={withClient}
          title={`Start a session with ${askedOf.name}`}
          word={startWord(askedOf)}
          onClose={() => {
            setAskedOf(null);
            startClient.reset();
          }}
        />
      )}
      {problem === null ? null : (
        <Notice tone="critical" title={problem.title} isUrgent>
          {problem.detail}
        </Notice>
      )}
      {targets.length === 0 ? (
        <EmptyState
          title="Nothing that you reach is called so"
          icon={<IconSearchOff size={28} stroke={1.5} />}
          actions={
            <Button variant="default" onClick={onAgain}>
              Look again
            </Button>
          }
        >
          Names, host names, comments and tags were looked through. See that the machine is pinned to this site, and
          that one of your Jump groups has it.
        </EmptyState>
      ) : isClear && (!isBegun.current || isBusy) ? (
        <p role="status">Starting a session with {only?.name} …</p>
      ) : (
        <>
          {targets.length > 1 ? <p>Several match. Choose the one that is meant.</p> : null}
          <ul className={classes.list} aria-label="Machines">
            {targets.map((target) => (
              <Target
                key={`${target.kind} ${target.id}`}
                target={target}
                isBusy={isBusy}
                onStart={() => start(target)}
              />
            ))}
          </ul>
          {more ? <p>There are more. Search for something longer.</p> : null}
        </>
      )}
    </Page>
  );
}

const kinds: Readonly<Record<LaunchTarget['kind'], string>> = {
  'jump-client': 'Jump Client',
  'shell-jump': 'Shell jump',
  'remote-vnc': 'Remote VNC',
  'remote-rdp': 'Remote RDP',
};

function Target({ target, isBusy, onStart }: { target: LaunchTarget; isBusy: boolean; onStart(): void }) {
  const { name, hostname, tag, jumpGroup, obstacle } = target;
  const words = [kinds[target.kind], hostname, tag, jumpGroup ?? ''].filter((one) => one !== '');
  return (
    <li className={classes.row}>
      <IconDeviceDesktop size={20} stroke={1.5} aria-hidden />
      <div className={classes.words}>
        <strong>{name}</strong>
        <span>{words.join(' · ')}</span>
        {obstacle === null ? null : <span>{obstacle}</span>}
      </div>
      {obstacle === null ? (
        <Button size="xs" disabled={isBusy} onClick={onStart} aria-label={`Start a session with ${name}`}>
          Start
        </Button>
      ) : (
        <Tag tone="medium">Not now</Tag>
      )}
    </li>
  );
}
