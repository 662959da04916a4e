import { send, toast } from '@gatehouse/ui';
import { Button, Group } from '@mantine/core';
import { IconPlugConnectedX, IconTerminal2 } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { LiveSession } from '../../../src/api/live.ts';
import classes from './Portal.module.css';

/** A representative asks for the machine, or has it: what that means, and how it ends. */
export function Lend({ session }: { session: LiveSession }) {
  const { machine, participants } = session;
  const answer = useMutation({
    mutationFn: (agrees: boolean) => send('POST', '/api/portal/session/machine', { ask: machine?.ask, agrees }),
    onError: toast.failed,
  });
  const end = useMutation({
    mutationFn: () => send('DELETE', '/api/portal/session/machine'),
    onError: toast.failed,
  });
  if (machine === null) return null;
  const who = participants.find(({ gsnumber }) => gsnumber === machine.askedBy)?.name || 'Your representative';
  const what = machine.name === machine.hostname ? machine.name : `${machine.name} (${machine.hostname})`;
  if (machine.isLent)
    return (
      <section className={classes.share} aria-labelledby="lend" data-shared="true">
        <h2 id="lend">Your computer is connected</h2>
        <p>
          Representatives in this session can open command lines on <b>{what}</b>, and read and change its files. What
          they do is written in the chat.
        </p>
        <Button
          color="red.9"
          leftSection={<IconPlugConnectedX size={17} />}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          Disconnect it
        </Button>
      </section>
    );
  return (
    <section className={classes.share} aria-labelledby="lend" role="alert">
      <h2 id="lend">{who} asks for your computer</h2>
      <p>
        If <b>{what}</b> is yours and you agree, they can open command lines on it, and read and change its files. You
        can disconnect it at any time, and it is disconnected at the end of the session.
      </p>
      <Group gap={8}>
        <Button
          leftSection={<IconTerminal2 size={17} />}
          loading={answer.isPending && answer.variables}
          onClick={() => answer.mutate(true)}
        >
          Agree
        </Button>
        <Button variant="default" loading={answer.isPending && !answer.variables} onClick={() => answer.mutate(false)}>
          Do not agree
        </Button>
      </Group>
    </section>
  );
}
