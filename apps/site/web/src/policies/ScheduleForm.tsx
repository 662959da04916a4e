import { Loaded, Notice, Section, send, toast, toProblem, useApi, useRefresh } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schedule } from '../../../src/api/jump-policies.ts';
import { paths } from '../api/paths.ts';

/** When a Jump policy lets people in. */
export function ScheduleForm({ id }: { id: string }) {
  const schedule = useApi(paths.schedule(id));
  return (
    <Section title="Schedule" lead="Counts while “Only at scheduled times” is on. Without an entry nobody gets in.">
      <Loaded query={schedule} rows={2}>
        {(found) => <Entries key={JSON.stringify(found)} id={id} start={found} />}
      </Loaded>
    </Section>
  );
}

type Entry = Schedule['entries'][number];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'].map((label, value) => ({
  ...{ label, value: String(value) },
}));
const office: Entry = { start_day: 0, start_time: '08:00', end_day: 0, end_time: '18:00' };

function Entries({ id, start }: { id: string; start: Schedule }) {
  const refresh = useRefresh();
  const [timezone, setTimezone] = useState(start.timezone);
  const [entries, setEntries] = useState<readonly Entry[]>(start.entries);
  const save = useMutation({
    mutationFn: () => send('PUT', paths.schedule(id), { timezone, entries }),
    onSuccess: () => {
      void refresh(paths.schedule(id));
      toast.done('Schedule saved.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const set = (index: number, change: Partial<Entry>) =>
    setEntries(entries.map((entry, at) => (at === index ? { ...entry, ...change } : entry)));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm">
        <Select
          label="Time zone"
          maw={320}
          searchable
          allowDeselect={false}
          data={timezones}
          value={timezone}
          onChange={(value) => setTimezone(value ?? timezone)}
          error={problem?.fields.timezone}
        />
        {entries.map((entry, index) => (
          <Group key={index} gap="xs" align="flex-end">
            <Day
              label={`Entry ${index + 1}: from`}
              value={entry.start_day}
              onChange={(start_day) => set(index, { start_day })}
            />
            <Clock label="at" value={entry.start_time} onChange={(start_time) => set(index, { start_time })} />
            <Day label="until" value={entry.end_day} onChange={(end_day) => set(index, { end_day })} />
            <Clock label="at" value={entry.end_time} onChange={(end_time) => set(index, { end_time })} />
            <ActionIcon
              size={36}
              aria-label={`Remove entry ${index + 1}`}
              onClick={() => setEntries(entries.filter((_, at) => at !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Text size="xs" c="dimmed">
          An entry that ends where it starts is the whole week.
        </Text>
        {problem !== null && problem.fields.timezone === undefined ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => setEntries([...entries, office])}
          >
            Add an entry
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save schedule
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const timezones = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function Day({ label, value, onChange }: { label: string; value: number; onChange(day: number): void }) {
  return (
    <Select
      label={label}
      w={150}
      allowDeselect={false}
      data={days}
      value={String(value)}
      onChange={(day) => onChange(Number(day ?? value))}
    />
  );
}

function Clock({ label, value, onChange }: { label: string; value: string; onChange(time: string): void }) {
  return (
    <TextInput
      label={label}
      w={110}
      type="time"
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
