import { CopyField, formatTime, Notice, send, toProblem, useApi } from '@gatehouse/ui';
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { z } from 'zod';
import type { NewSessionKey } from '../../../src/api/support.ts';
import { paths } from '../api/paths.ts';
import classes from './Support.module.css';

type Made = z.output<typeof NewSessionKey>;

/** Makes a session key and shows it once: to be told, copied or sent. */
export function KeyDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New session key" size="md">
      <KeyForm onClose={onClose} />
    </Modal>
  );
}

const lifetimes = [
  { value: '900', label: '15 minutes' },
  { value: '3600', label: 'One hour' },
  { value: '86400', label: 'One day' },
  { value: '604800', label: 'One week' },
];

function KeyForm({ onClose }: { onClose(): void }) {
  const people = useApi(paths.supportPeople);
  const [queue, setQueue] = useState('general');
  const [ttl, setTtl] = useState('86400');
  const [externalKey, setExternalKey] = useState('');
  const [email, setEmail] = useState('');
  const make = useMutation({
    mutationFn: () =>
      send<Made>('POST', '/api/support/session-keys', {
        ...{ queue, ttl: Number(ttl), externalKey },
        ...(email.trim() !== '' && { email: email.trim() }),
      }),
  });
  if (make.data !== undefined) return <KeyMade made={make.data} sentTo={email.trim()} onClose={onClose} />;
  const problem = make.error === null ? null : toProblem(make.error);
  const queues = [
    { value: 'general', label: 'General queue' },
    ...(people.data?.teams ?? []).map(({ id, name }) => ({ value: `team:${id}`, label: `Team ${name}` })),
    ...(people.data?.representatives ?? []).map(({ userId, name }) => ({ value: `rep:${userId}`, label: name })),
  ];
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="md">
        {problem === null ? null : (
          <Notice tone="critical" title="No key was made" isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Select
          label="Where the customer waits"
          data={queues}
          value={queue}
          allowDeselect={false}
          searchable
          onChange={(value) => setQueue(value ?? 'general')}
        />
        <Select
          label="Valid for"
          data={lifetimes}
          value={ttl}
          allowDeselect={false}
          onChange={(value) => setTtl(value ?? '86400')}
        />
        <TextInput
          label="Ticket"
          description="Its number, so that what happens is found there."
          maxLength={1_024}
          value={externalKey}
          onChange={(event) => setExternalKey(event.currentTarget.value)}
        />
        <TextInput
          label="E-mail of the customer"
          description="Where the invitation is sent by this site. Empty: you tell or send it yourself."
          type="email"
          maxLength={254}
          value={email}
          error={problem?.fields.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make the key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function KeyMade({ made, sentTo, onClose }: { made: Made; sentTo: string; onClose(): void }) {
  const mail = `mailto:?${new URLSearchParams({ subject: made.subject, body: made.body }).toString().replaceAll('+', '%20')}`;
  return (
    <Stack gap="md">
      <p className={classes.bigKey} data-session-key>
        {made.key}
      </p>
      <CopyField label="Link for the customer" value={made.url} />
      <p className={classes.quiet}>
        Good for one session, until {formatTime(new Date(made.expiresAt))}. The key is shown this once.
      </p>
      {made.mailId === null ? null : <p className={classes.quiet}>The invitation is on its way to {sentTo}.</p>}
      <Group justify="flex-end" gap="sm">
        <Button component="a" href={mail} variant="default" leftSection={<IconMail size={16} />}>
          Send by e-mail
        </Button>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
