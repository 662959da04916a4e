import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { WholeCase } from '../api/paths.ts';
import { useForm } from '../parts/use-form.ts';

/** Another subject or description for a case. */
export function EditButton({ one }: { one: WholeCase }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpen(true)}>
        Edit
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Edit ${one.number}`} size="lg">
        <Form one={one} onDone={close} />
      </Modal>
    </>
  );
}

function Form({ one, onDone }: { one: WholeCase; onDone(): void }) {
  const text = useMemo(() => linesOf(one.description), [one.description]);
  const start = { subject: one.subject, description: text ?? '' };
  const form = useForm<typeof start>({
    ...{ start, method: 'PATCH', path: `/api/cases/${one.id}`, refresh: ['/api/cases'], done: 'Case saved.', onDone },
    toBody: ({ subject, description }) => ({
      ...{ subject, version: one.version },
      ...(description === start.description ? {} : { description }),
    }),
  });
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Subject"
          maxLength={300}
          value={form.values.subject}
          error={form.errors.subject}
          onChange={(event) => form.set({ subject: event.currentTarget.value })}
        />
        {text === null ? null : (
          <Textarea
            label="Description"
            autosize
            minRows={4}
            maxRows={20}
            value={form.values.description}
            error={form.errors.description}
            onChange={(event) => form.set({ description: event.currentTarget.value })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The lines of a description; null for one with more to it than lines, which would be lost. */
const linesOf = (html: string): string | null => {
  const { body } = new DOMParser().parseFromString(html.replaceAll('<br>', '\n'), 'text/html');
  const isPlain = [...body.querySelectorAll('*')].every(({ localName }) => localName === 'p');
  return isPlain ? [...body.childNodes].map((node) => node.textContent ?? '').join('\n\n') : null;
};
