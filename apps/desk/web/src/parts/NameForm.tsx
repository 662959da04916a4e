import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from './use-form.ts';

interface NameFormProps<T> {
  start: { readonly name: string; readonly comment: string };
  method: 'POST' | 'PATCH';
  path: string;
  action: string;
  done: string;
  refresh: readonly string[];
  onDone?(answer: T): void;
  onCancel?(): void;
}

/** A name and a comment. */
export function NameForm<T>({ action, onCancel, ...of }: NameFormProps<T>) {
  const form = useForm<{ readonly name: string; readonly comment: string }, T>({ ...of, toBody: (values) => values });
  const { values, errors, set } = form;
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md" maw={760}>
        <TextInput
          label="Name"
          withAsterisk
          maxLength={120}
          value={values.name}
          error={errors.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <Textarea
          label="Comment"
          autosize
          minRows={2}
          maxRows={8}
          value={values.comment}
          error={errors.comment}
          onChange={(event) => set({ comment: event.currentTarget.value })}
        />
        <Group justify={onCancel === undefined ? 'flex-start' : 'flex-end'}>
          {onCancel === undefined ? null : (
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <Button type="submit" loading={form.isSaving}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
