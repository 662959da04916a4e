import { Button, Group, NumberInput, SegmentedControl, Stack, Text, Textarea } from '@mantine/core';
import { useId } from 'react';
import { useForm } from '../parts/use-form.ts';

interface Entered {
  readonly text: string;
  readonly visibility: string;
  readonly minutes: number;
}
const start: Entered = { text: '', visibility: 'internal', minutes: 0 };
const choices = [
  { value: 'internal', label: 'Internal note' },
  { value: 'public', label: 'Public answer' },
];

/** Internal until somebody says otherwise: nothing is told to a customer by mistake. */
export function NoteForm({ number, isDesk }: { number: string; isDesk: boolean }) {
  const label = useId();
  const form = useForm<Entered>({
    ...{ start, method: 'POST', path: `/api/cases/${number}/notes` },
    toBody: ({ text, visibility, minutes }) => (isDesk ? { text, visibility, minutes } : { text }),
    refresh: ['/api/cases'],
    done: 'Note written.',
    isRepeated: true,
  });
  const { values, errors, set } = form;
  const isPublic = values.visibility === 'public';
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="sm" mt="md">
        {isDesk ? (
          <Group gap="md">
            <Text id={label} size="sm" fw={500}>
              Who sees it
            </Text>
            <SegmentedControl
              aria-labelledby={label}
              data={choices}
              value={values.visibility}
              onChange={(visibility) => set({ visibility })}
            />
          </Group>
        ) : null}
        <Textarea
          label={isDesk ? (isPublic ? 'Answer to the customer' : 'Note for the desk') : 'Your answer'}
          autosize
          minRows={3}
          maxRows={20}
          value={values.text}
          error={errors.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
        />
        <Group align="flex-end" justify="space-between">
          {isDesk ? (
            <NumberInput
              label="Minutes worked"
              w={150}
              min={0}
              max={100_000}
              allowDecimal={false}
              value={values.minutes}
              error={errors.minutes}
              onChange={(minutes) => set({ minutes: Number(minutes) || 0 })}
            />
          ) : (
            <span />
          )}
          <Button type="submit" loading={form.isSaving} disabled={values.text.trim() === ''}>
            {isDesk ? (isPublic ? 'Write answer' : 'Write note') : 'Send'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
