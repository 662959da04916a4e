import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import type { WholeCase } from '../api/paths.ts';
import { useForm } from '../parts/use-form.ts';

/** Another subject for a case. */
export function RenameButton({ one }: { one: WholeCase }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setOpen(true)}>
        Rename
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Rename ${one.number}`}>
        <Form one={one} onDone={close} />
      </Modal>
    </>
  );
}

function Form({ one, onDone }: { one: WholeCase; onDone(): void }) {
  const form = useForm<{ subject: string }>({
    ...{ start: { subject: one.subject }, method: 'PATCH', path: `/api/cases/${one.id}` },
    ...{ refresh: ['/api/cases'], done: 'Case renamed.', onDone },
    toBody: ({ subject }) => ({ subject, version: one.version }),
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
