import { count, Loaded, Notice, Section, send, toast, toProblem, useApi, useRefresh } from '@gatehouse/ui';
import { Button, Fieldset, Group, NumberInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Retention } from '../../../src/api/retention.ts';
import { paths } from '../api/paths.ts';
import { sizeOf } from '../console/file-paths.ts';

/** How long sessions and what was seen in them are kept. */
export function RetentionForm() {
  const kept = useApi(paths.retention);
  return (
    <Section title="Retention" lead="Counted from the end of a session. A live session and its recording always stay.">
      <Loaded query={kept} rows={3}>
        {(found) => <Form key={JSON.stringify(found)} start={found} />}
      </Loaded>
    </Section>
  );
}

type Field = readonly [keyof Retention, string, string];
const ofEndpoints: readonly Field[] = [
  ['shellDays', 'Keep recordings of shells for', 'With what was typed, where a session policy records it.'],
  ['desktopDays', 'Keep recordings of desktops for', 'VNC and RDP.'],
  ['sessionDays', 'Keep sessions for', 'Who had one with what, why, and how it ended. At least as long as recordings.'],
];
const ofSupport: readonly Field[] = [
  ['supportChatDays', 'Keep chats for', 'What customers and representatives wrote to one another.'],
  ['supportRecordingDays', 'Keep shared screens for', 'Recordings of what customers showed.'],
  ['supportFileDays', 'Keep files for', 'What was sent in support sessions.'],
  [
    'supportSessionDays',
    'Keep support sessions for',
    'Who helped whom, with notes and surveys. At least as long as all of the above.',
  ],
];
const groups = [
  ['Sessions with endpoints', ofEndpoints],
  ['Remote support', ofSupport],
] as const;

function Form({ start }: { start: Retention }) {
  const refresh = useRefresh();
  const [kept, setKept] = useState<Partial<Retention>>(start);
  const whole = isComplete(kept) ? kept : null;
  const save = useMutation({
    mutationFn: (body: Retention) => send('PUT', paths.retention, body),
    onSuccess: () => {
      void refresh('/api/retention');
      toast.done('Retention saved.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors: Readonly<Record<string, string>> = { ...problem?.fields, ...complaints(kept) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whole !== null) save.mutate(whole);
      }}
    >
      <Stack gap="md">
        {groups.map(([title, fields]) => (
          <Fieldset key={title} legend={title}>
            <Stack gap="md">
              {fields.map(([name, label, description]) => (
                <NumberInput
                  key={name}
                  {...{ name, label, description }}
                  suffix=" days"
                  maw={420}
                  min={1}
                  max={3_650}
                  allowDecimal={false}
                  required
                  value={kept[name] ?? ''}
                  error={errors[name]}
                  onChange={(value) => setKept({ ...kept, [name]: value === '' ? undefined : Number(value) })}
                />
              ))}
            </Stack>
          </Fieldset>
        ))}
        {whole === null ? null : <WhatGoes kept={whole} isSaved={JSON.stringify(whole) === JSON.stringify(start)} />}
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={whole === null}>
            Save retention
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const isComplete = (kept: Partial<Retention>): kept is Retention =>
  groups.every(([, fields]) => fields.every(([name]) => kept[name] !== undefined));

/** What the whole of it must keep to; single fields are looked at by the site. */
const complaints = (kept: Partial<Retention>): Readonly<Record<string, string>> => {
  const issues = isComplete(kept) ? (Retention.safeParse(kept).error?.issues ?? []) : [];
  return Object.fromEntries(issues.map(({ path, message }) => [path.join('.'), message]));
};

/** What is removed, before anybody saves it. */
function WhatGoes({ kept, isSaved }: { kept: Retention; isSaved: boolean }) {
  const isWhole = Object.keys(complaints(kept)).length === 0;
  const due = useApi(paths.due(kept), { enabled: isWhole, keep: true, every: 60_000 });
  if (due.data === undefined || !isWhole) return null;
  const { recordings, bytes, sessions, held, support } = due.data;
  const blobs = [counted(support.recordings, 'shared screen'), counted(support.files, 'file')].flat();
  const parts = [
    ...(recordings === 0 ? [] : [`${count(recordings, 'recording')} (${sizeOf(bytes)})`]),
    ...counted(sessions, 'session'),
    ...counted(support.chats, 'chat'),
    ...(blobs.length === 0 ? [] : [`${blobs.join(' and ')} (${sizeOf(support.bytes)})`]),
    ...counted(support.sessions, 'support session'),
  ];
  const what = [parts.slice(0, -1).join(', '), ...parts.slice(-1)].filter(Boolean).join(' and ');
  const all = held + support.held;
  const stays =
    all === 0
      ? ''
      : ` ${all === 1 ? '1 session that is too old stays, because somebody keeps it.' : `${count(all, 'session')} that are too old stay, because somebody keeps them.`}`;
  return (
    <Notice tone={what === '' || isSaved ? 'low' : 'medium'}>
      {what === ''
        ? `Nothing is old enough to be removed.${stays}`
        : isSaved
          ? `${what} are being removed, a few at a time.${stays}`
          : `Saving this removes ${what}, a few at a time. That cannot be undone.${stays}`}{' '}
      The audit keeps the size and the digest of each.
    </Notice>
  );
}

const counted = (number: number, noun: string): readonly string[] => (number === 0 ? [] : [count(number, noun)]);
