import { ConfirmDialog, send, Tag, toast, useApi, useRefresh } from '@gatehouse/ui';
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowsExchange,
  IconDoorExit,
  IconPlayerStop,
  IconUser,
  IconUserPlus,
} from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { LiveSession } from '../../../src/api/live.ts';
import { paths } from '../api/paths.ts';
import classes from './Room.module.css';

interface RoomBarProps {
  session: LiveSession;
  you: number;
  mayEnd: boolean;
}

/** Who is in it, and what can be done with the session as a whole. */
export function RoomBar({ session, you, mayEnd }: RoomBarProps) {
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: ({ what, body = {} }: { what: string; body?: object; done?: string }) =>
      send('POST', `/api/support/sessions/${session.lsid}/${what}`, body),
    onSuccess: (_, { done }) => {
      if (done !== undefined) toast.done(done);
      void refresh('/api/support');
    },
    onError: toast.failed,
    onSettled: () => setAsking(false),
  });
  const here = session.participants.filter(({ leftAt }) => leftAt === null);
  const customer = session.participants.find(({ kind }) => kind === 'customer');
  const isOwner = session.owner === you;
  return (
    <header className={classes.bar}>
      <Tooltip label="Back to the queues. The session goes on.">
        <ActionIcon component="a" href="/console/support" aria-label="Back to the queues; the session goes on">
          <IconArrowLeft size={17} />
        </ActionIcon>
      </Tooltip>
      <h1 className={classes.title}>{customer?.name || 'Customer'}</h1>
      {session.externalKey ? <Tag tone="low">{session.externalKey}</Tag> : null}
      <span className={classes.people} role="status" aria-label="Who is in the session">
        {here.map(({ gsnumber, name, kind }) => (
          <Tag key={gsnumber} tone={kind === 'customer' ? 'good' : 'quiet'} icon={<IconUser size={13} />}>
            {gsnumber === you ? 'You' : name || 'Customer'}
            {session.owner === gsnumber && here.length > 2 ? ' (owner)' : ''}
          </Tag>
        ))}
      </span>
      <span className={classes.actions}>
        <InviteMenu
          here={here.map(({ name }) => name)}
          onChoose={(userId, name) => act.mutate({ what: 'invite', body: { userId }, done: `${name} is invited.` })}
        />
        {isOwner ? <TransferMenu onChoose={(queue) => act.mutate({ what: 'transfer', body: { queue } })} /> : null}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconDoorExit size={15} />}
          loading={act.isPending && act.variables.what === 'leave'}
          onClick={() => act.mutate({ what: 'leave' })}
        >
          Leave
        </Button>
        {isOwner && mayEnd ? (
          <Button
            size="compact-sm"
            color="red.9"
            leftSection={<IconPlayerStop size={15} />}
            onClick={() => setAsking(true)}
          >
            End session
          </Button>
        ) : null}
      </span>
      <ConfirmDialog
        opened={isAsking}
        title="End the session?"
        action="End session"
        danger
        busy={act.isPending}
        onConfirm={() => act.mutate({ what: 'end' })}
        onClose={() => setAsking(false)}
      >
        {customer?.name || 'The customer'} is disconnected, and is asked how it went.
      </ConfirmDialog>
    </header>
  );
}

function InviteMenu({ here, onChoose }: { here: readonly string[]; onChoose(userId: number, name: string): void }) {
  const people = useApi(paths.supportPeople);
  const others = (people.data?.representatives ?? []).filter(({ name }) => !here.includes(name));
  return (
    <Menu position="bottom-end" width={240} onOpen={() => void people.refetch()}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconUserPlus size={15} />}>
          Invite
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.length === 0 ? (
          <Menu.Label>Nobody else has the console open.</Menu.Label>
        ) : (
          others.map(({ userId, name, status }) => (
            <Menu.Item key={userId} onClick={() => onChoose(userId, name)}>
              {name} {status === 'available' ? '' : `(${status})`}
            </Menu.Item>
          ))
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function TransferMenu({ onChoose }: { onChoose(queue: string): void }) {
  const people = useApi(paths.supportPeople);
  const { teams = [], representatives = [] } = people.data ?? {};
  return (
    <Menu position="bottom-end" width={260} onOpen={() => void people.refetch()}>
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<IconArrowsExchange size={15} />}>
          Transfer
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onChoose('general')}>General queue</Menu.Item>
        {teams.length === 0 ? null : <Menu.Label>Teams</Menu.Label>}
        {teams.map(({ id, name, isAvailable }) => (
          <Menu.Item key={id} onClick={() => onChoose(`team:${id}`)}>
            {name} {isAvailable ? '' : '(nobody there)'}
          </Menu.Item>
        ))}
        {representatives.length === 0 ? null : <Menu.Label>Representatives</Menu.Label>}
        {representatives.map(({ userId, name }) => (
          <Menu.Item key={userId} onClick={() => onChoose(`rep:${userId}`)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
