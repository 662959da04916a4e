import { CopyField, formatTime, Notice, send, toast, toProblem } from '@gatehouse/ui';
import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { IconKey, IconMail } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import type { Assignment } from '../../../src/api/connections.ts';
import type { SendAnswer } from '../../../src/api/keys.ts';
import type { KeyAnswer, Ticket } from './paths.ts';
import { supportPaths } from './paths.ts';
import classes from './Support.module.css';

type To = 'usual' | 'me' | 'assignee' | 'group' | 'general' | 'team' | 'representative';
const choices: readonly { readonly value: To; readonly label: string }[] = [
  { value: 'usual', label: 'As usual for this desk' },
  { value: 'me', label: 'To me' },
  { value: 'assignee', label: 'To whoever the ticket is assigned to' },
  { value: 'group', label: 'To the team, queue or project that the ticket is in' },
  { value: 'general', label: 'To the general queue' },
  { value: 'team', label: 'To a team' },
  { value: 'representative', label: 'To a representative' },
];

interface KeyPanelProps {
  connectionId: string;
  ticket: Ticket;
}

/** Generate session key and URL: where the customer will wait is shown before anything is made. */
export function KeyPanel({ connectionId, ticket }: KeyPanelProps) {
  const path = supportPaths.ticket(connectionId, ticket.id);
  const [to, setTo] = useState<To>('usual');
  const [name, setName] = useState('');
  const isNamed = to === 'team' || to === 'representative';
  const assignment: Assignment | null =
    to === 'usual'
      ? ticket.assignment
      : to === 'team'
        ? { to, team: name }
        : to === 'representative'
          ? { to, username: name }
          : { to };
  const isComplete = !isNamed || name.trim() !== '';
  const preview = usePreview(path, isComplete ? assignment : null);
  const make = useMutation({
    mutationFn: () => send<KeyAnswer>('POST', `${path}/key`, { assignment }),
  });
  if (make.data !== undefined) return <KeyMade path={path} ticket={ticket} made={make.data} onAgain={make.reset} />;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="sm">
        {make.error === null ? null : (
          <Notice tone="critical" title="No key was made" isUrgent>
            {toProblem(make.error).detail}
          </Notice>
        )}
        <Select
          label="The customer comes"
          data={choices}
          value={to}
          allowDeselect={false}
          onChange={(value) => setTo((value ?? 'usual') as To)}
        />
        {isNamed ? (
          <TextInput
            label={to === 'team' ? 'Name of the team' : 'User name of the representative'}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        ) : null}
        <p className={classes.preview} data-bad={preview?.queue === null ? 'true' : undefined} role="status">
          {preview === null ? '' : preview.queue === null ? preview.words : `Waits in: ${preview.words}`}
        </p>
        <div>
          <Button
            type="submit"
            leftSection={<IconKey size={16} />}
            loading={make.isPending}
            disabled={!isComplete || preview?.queue === null}
          >
            Generate session key and URL
          </Button>
        </div>
      </Stack>
    </form>
  );
}

interface Previewed {
  readonly queue: string | null;
  readonly words: string;
}

/** Null: it is not known yet. */
const usePreview = (path: string, assignment: Assignment | null): Previewed | null => {
  const [found, setFound] = useState<Previewed | null>(null);
  const asked = JSON.stringify(assignment);
  useEffect(() => {
    setFound(null);
    if (assignment === null) return;
    const gone = new AbortController();
    // While somebody types a name, it is not asked for each letter.
    const timer = setTimeout(() => {
      send<Previewed>('POST', `${path}/preview`, { assignment }, gone.signal).then(setFound, (error) => {
        if (!gone.signal.aborted) setFound({ queue: null, words: toProblem(error).detail });
      });
    }, 250);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [path, asked]);
  return found;
};

function KeyMade({ path, ticket, made, onAgain }: { path: string; ticket: Ticket; made: KeyAnswer; onAgain(): void }) {
  const failed = made.fields.filter(({ state }) => state !== 'applied');
  return (
    <Stack gap="sm">
      <p className={classes.bigKey} data-session-key>
        {made.key}
      </p>
      <CopyField label="Link for the customer" value={made.url} />
      <p className={classes.quiet}>
        {made.words}. Good for one session, until {formatTime(new Date(made.expiresAt))}.
      </p>
      {failed.length === 0 ? null : (
        <Notice tone="medium" title="Not everything stands in the ticket">
          {failed.map(({ advice }) => advice).join(' ')}
        </Notice>
      )}
      {made.mail.problem === null ? null : (
        <Notice tone="medium" title="The mail is in the usual words">
          {made.mail.problem}
        </Notice>
      )}
      {ticket.sendsBy === null ? null : <SendForm path={path} ticket={ticket} mail={made.mail} />}
      <div>
        <Button variant="default" size="compact-sm" onClick={onAgain}>
          Another key
        </Button>
      </div>
    </Stack>
  );
}

function SendForm({ path, ticket, mail }: { path: string; ticket: Ticket; mail: KeyAnswer['mail'] }) {
  const [isOpen, setOpen] = useState(false);
  const [subject, setSubject] = useState(mail.subject);
  const [body, setBody] = useState(mail.body);
  const sending = useMutation({
    mutationFn: () => send<z.output<typeof SendAnswer>>('POST', `${path}/send`, { subject, body }),
    onSuccess: ({ by }) => {
      setOpen(false);
      toast.done(by === 'desk' ? 'Given to the desk for the customer.' : 'On its way to the customer.');
    },
  });
  if (!isOpen)
    return (
      <div>
        <Button variant="default" leftSection={<IconMail size={16} />} onClick={() => setOpen(true)}>
          Send to the customer
        </Button>
      </div>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        sending.mutate();
      }}
    >
      <Stack gap="sm">
        {sending.error === null ? null : (
          <Notice tone="critical" title="It was not sent" isUrgent>
            {toProblem(sending.error).detail}
          </Notice>
        )}
        <p className={classes.quiet}>
          To {ticket.requester ?? ticket.requesterEmail ?? 'the customer of the ticket'}
          {ticket.sendsBy === 'desk' ? `, by ${ticket.desk}` : `, by mail to ${ticket.requesterEmail ?? ''}`}
        </p>
        <TextInput label="Subject" value={subject} onChange={(event) => setSubject(event.currentTarget.value)} />
        <Textarea
          label="Words"
          autosize
          minRows={4}
          maxRows={14}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button type="submit" loading={sending.isPending}>
            Send
          </Button>
          <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
