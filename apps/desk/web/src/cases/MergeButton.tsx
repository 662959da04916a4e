import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconArrowMerge } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import type { WholeCase } from '../api/paths.ts';
import { useForm } from '../parts/use-form.ts';

/** Puts the case into another one. */
export function MergeButton({ one }: { one: WholeCase }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button variant="default" leftSection={<IconArrowMerge size={16} />} onClick={() => setOpen(true)}>
        Merge
      </Button>
      <Modal opened={isOpen} onClose={close} title={`Merge ${one.number} into another case`}>
        <Form one={one} onCancel={close} />
      </Modal>
    </>
  );
}

function Form({ one, onCancel }: { one: WholeCase; onCancel(): void }) {
  const { history } = useRouter();
  const form = useForm<{ into: string }, WholeCase>({
    ...{ start: { into: '' }, method: 'POST', path: `/api/cases/${one.id}/merge`, refresh: ['/api/cases'] },
    ...{ done: 'Cases merged.', toBody: (values) => values },
    onDone: ({ number }) => {
      onCancel();
      history.push(`/cases/${number}`);
    },
  });
  return (
    <form noValidate onSubmit={form.submit}>
      <Stack gap="md">
        <Text size="sm">
          The conversation and the session ids go to the other case, and {one.number} leads there from then on. This
          cannot be taken back.
        </Text>
        <TextInput
          data-autofocus
          label="Number of the other case"
          placeholder="SC-1024"
          autoComplete="off"
          value={form.values.into}
          error={form.errors.into}
          onChange={(event) => form.set({ into: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={form.isSaving} disabled={form.values.into.trim() === ''}>
            Merge
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
