import { Button, Code, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What will happen, in whole sentences. */
  children: ReactNode;
  /** The verb on the button: "Delete connector". */
  action: string;
  danger?: boolean;
  /** Must be typed before the button works: for what cannot be undone. */
  typeToConfirm?: string;
  busy?: boolean;
  onConfirm(): void;
  onClose(): void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={props.title} size="md">
      <ConfirmForm {...props} />
    </Modal>
  );
}

/** Inside the dialog, so that what was typed is forgotten when it closes. */
function ConfirmForm({ children, action, danger, typeToConfirm, busy, onConfirm, onClose }: ConfirmDialogProps) {
  const [typed, setTyped] = useState('');
  const isReady = typeToConfirm === undefined || typed.trim() === typeToConfirm;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) onConfirm();
      }}
    >
      <Stack gap="md">
        <div>{children}</div>
        {typeToConfirm === undefined ? null : (
          <TextInput
            data-autofocus
            label={
              <>
                Type <Code>{typeToConfirm}</Code> to confirm
              </>
            }
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
          />
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" {...(danger ? { color: 'red.9' } : {})} disabled={!isReady} loading={busy ?? false}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
