import { count, Loaded, Notice, Section, send, toast, toProblem, useApi, useRefresh } from '@gatehouse/ui';
import { Button, Group, NumberInput, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Retention } from '../../../src/api/retention.ts';
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

const fields: readonly (readonly [keyof Retention, string, string])[] = [
  ['shellDays', 'Keep recordings of shells for', 'With what was typed, where a session policy records it.'],
  ['desktopDays', 'Keep recordings of desktops for', 'VNC and RDP.'],
  ['sessionDays', 'Keep sessions for', 'Who had one with what, why, and how it ended. At least as long as recordings.'],
];

function Form({ start }: { start: Retention }) {
  const refresh = useRefresh();
  const [kept, setKept] = useState<Partial<Retention>>(start);
  const { shellDays, desktopDays, sessionDays } = kept;
  const whole =
    shellDays === undefined || desktopDays === undefined || sessionDays === undefined
      ? null
      : { shellDays, desktopDays, sessionDays };
  const save = useMutation({
    mutationFn: (body: Retention) => send('PUT', paths.retention, body),
    onSuccess: () => {
      void refresh('/api/retention');
      toast.done('Retention saved.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors: Readonly<Record<string, string>> = { ...problem?.fields, ...missing(kept) };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (whole !== null) save.mutate(whole);
      }}
    >
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

const missing = (kept: Partial<Retention>): Readonly<Record<string, string>> => {
  const { shellDays = 0, desktopDays = 0, sessionDays } = kept;
  return sessionDays !== undefined && sessionDays < Math.max(shellDays, desktopDays)
    ? { sessionDays: 'A recording goes with its session: keep sessions as long as both.' }
    : {};
};

/** What is removed, before anybody saves it. */
function WhatGoes({ kept, isSaved }: { kept: Retention; isSaved: boolean }) {
  const isWhole = Object.keys(missing(kept)).length === 0;
  const due = useApi(paths.due(kept), { enabled: isWhole, keep: true, every: 60_000 });
  if (due.data === undefined || !isWhole) return null;
  const { recordings, bytes, sessions, held } = due.data;
  const what = [
    ...(recordings === 0 ? [] : [`${count(recordings, 'recording')} (${sizeOf(bytes)})`]),
    ...(sessions === 0 ? [] : [count(sessions, 'session')]),
  ].join(' and ');
  const stays =
    held === 0
      ? ''
      : ` ${held === 1 ? '1 session that is too old stays, because somebody keeps it.' : `${count(held, 'session')} that are too old stay, because somebody keeps them.`}`;
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
