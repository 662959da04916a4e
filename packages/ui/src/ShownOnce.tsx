import { Button, Group, Modal, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { CopyField } from './CopyField.tsx';
import { Notice } from './Notice.tsx';

interface ShownOnceProps {
  title: string;
  label: string;
  /** Null: nothing to show. */
  value: string | null;
  onClose(): void;
}

/** A token or a link that was made, this once. */
export function ShownOnce({ title, label, value, onClose }: ShownOnceProps) {
  return (
    <Modal opened={value !== null} onClose={onClose} title={title} size="lg" closeOnClickOutside={false}>
      <Stack gap="md">
        <Notice tone="medium" icon={<IconKey size={17} />} title="Copy it now">
          This is the only time you can see it.
        </Notice>
        <CopyField label={label} value={value ?? ''} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
