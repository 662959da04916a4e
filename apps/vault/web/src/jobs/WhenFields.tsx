import type { FormErrors, FormValues } from '@gatehouse/ui';
import { Group, Radio, Stack, TextInput } from '@mantine/core';
import { errorOf, Field, type FieldSpec } from '../parts/Field.tsx';

const time: readonly FieldSpec[] = [
  { name: 'hour', title: 'Hour (UTC)', kind: 'number', least: 0, most: 23 },
  { name: 'minute', title: 'Minute', kind: 'number', least: 0, most: 59 },
];
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayOfMonth: FieldSpec = { name: 'dayOfMonth', title: 'Day of the month', kind: 'number', least: 1, most: 31 };
const fields: Readonly<Record<string, readonly FieldSpec[]>> = {
  every: [{ name: 'minutes', title: 'Minutes between two runs', kind: 'number', least: 5, most: 525_600 }],
  daily: time,
  weekly: [
    {
      ...{ name: 'day', title: 'Day', kind: 'choice' },
      choices: dayNames.map((label, day) => ({ value: String(day), label })),
    },
    ...time,
  ],
  monthly: [dayOfMonth, ...time],
  yearly: [{ name: 'month', title: 'Month', kind: 'number', least: 1, most: 12 }, dayOfMonth, ...time],
};
const kinds = [
  ['now', 'Now'],
  ['at', 'At a time'],
  ['every', 'Again and again'],
  ['daily', 'Daily'],
  ['weekly', 'Weekly'],
  ['monthly', 'Monthly'],
  ['yearly', 'Yearly'],
] as const;

interface WhenFieldsProps {
  values: FormValues;
  errors: FormErrors;
  set(change: FormValues): void;
}

/** When a job runs, as `when` and the fields that go with it. */
export function WhenFields({ values, errors, set }: WhenFieldsProps) {
  const when = String(values.when);
  const own = Object.fromEntries(
    Object.entries(errors).map(([name, words]) => [name.replace(/^schedule\./, ''), words]),
  );
  return (
    <Stack gap="sm">
      <Radio.Group label="When" value={when} onChange={(chosen) => set({ when: chosen })}>
        <Group gap="md" mt={8}>
          {kinds.map(([value, label]) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Group>
      </Radio.Group>
      {when === 'at' ? (
        <TextInput
          type="datetime-local"
          label="Time"
          description="In the time zone of this browser."
          maw={260}
          value={String(values.at ?? '')}
          onChange={(event) => set({ at: event.currentTarget.value })}
          error={errorOf(own, 'at')}
        />
      ) : null}
      <Group align="flex-end">
        {(fields[when] ?? []).map((field) => (
          <Field key={field.name} field={field} values={values} errors={own} set={set} />
        ))}
      </Group>
    </Stack>
  );
}

export const usualTimes: FormValues = {
  when: 'now',
  minutes: 1_440,
  hour: 2,
  minute: 0,
  day: '0',
  dayOfMonth: 1,
  month: 1,
};

/** The schedule of a form as the API takes it. */
export const toSchedule = ({ when, at, minutes, hour, minute, day, dayOfMonth: date, month }: FormValues) => {
  const daytime = { hour, minute };
  switch (when) {
    case 'at':
      return { kind: 'at', at: Number.isNaN(Date.parse(String(at))) ? at : new Date(String(at)).toISOString() };
    case 'every':
      return { kind: 'every', minutes };
    case 'daily':
      return { kind: 'daily', ...daytime };
    case 'weekly':
      return { kind: 'weekly', day: Number(day), ...daytime };
    case 'monthly':
      return { kind: 'monthly', dayOfMonth: date, ...daytime };
    case 'yearly':
      return { kind: 'yearly', month, dayOfMonth: date, ...daytime };
    default:
      return { kind: 'now' };
  }
};
